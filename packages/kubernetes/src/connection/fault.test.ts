import { describe, expect, it, test } from 'vitest';
import { answering } from '../testing/answering.js';
import { anywhere, sendJson, statusBody } from '../testing/fake-api-server.js';
import { faultOf } from '../testing/fault-of.js';
import { connectCluster } from './connection.js';
import { type KubernetesFaultKind, toKubernetesFault } from './fault.js';

describe('a refused call', () => {
  test.each<[number, string, KubernetesFaultKind]>([
    [400, 'BadRequest', 'INVALID'],
    [401, 'Unauthorized', 'UNAUTHORIZED'],
    [403, 'Forbidden', 'FORBIDDEN'],
    [404, 'NotFound', 'NOT_FOUND'],
    [409, 'AlreadyExists', 'ALREADY_EXISTS'],
    [409, 'Conflict', 'CONFLICT'],
    [410, 'Expired', 'EXPIRED'],
    [413, 'RequestEntityTooLarge', 'INVALID'],
    [422, 'Invalid', 'INVALID'],
    [429, 'TooManyRequests', 'TOO_MANY_REQUESTS'],
    [500, 'InternalError', 'SERVER_ERROR'],
    [503, 'ServiceUnavailable', 'SERVER_ERROR'],
    [504, 'Timeout', 'TIMEOUT'],
  ])('of status %i %s is %s', async (status, reason, kind) => {
    const { connection } = await answering((_, response) =>
      sendJson(response, status, statusBody(status, reason, 'because\u001b[31m')),
    );
    const fault = await faultOf(connection.core.readNamespace({ name: 'n' }));
    expect(fault).toMatchObject({ kind, status, reason, message: `${reason}: because [31m` });
  });

  it('says how long to wait, at most five minutes', async () => {
    const { connection } = await answering((request, response) => {
      const seconds = request.path.endsWith('/long') ? '86400' : '3';
      sendJson(response, 429, statusBody(429, 'TooManyRequests', 'later'), { 'retry-after': seconds });
    });
    expect((await faultOf(connection.core.readNamespace({ name: 'n' }))).retryAfterMs).toBe(3_000);
    expect((await faultOf(connection.core.readNamespace({ name: 'long' }))).retryAfterMs).toBe(300_000);
  });

  it('names a resource version that the cluster has yet to reach', async () => {
    const details = {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    };
    const { connection } = await answering((_, response) =>
      sendJson(response, 504, statusBody(504, 'Timeout', 'Too large resource version: 9, current: 3', details)),
    );
    expect(await faultOf(connection.getJson('/api/v1/pods', {}))).toMatchObject({
      reason: 'ResourceVersionTooLarge',
      retryAfterMs: 1_000,
    });
  });
});

describe('what is told of a refusal', () => {
  it('leaves out the API server’s words about a Secret', async () => {
    const { connection } = await answering((_, response) =>
      sendJson(response, 422, statusBody(422, 'Invalid', 'Invalid value: "canary"')),
    );
    const body = { metadata: { name: 's' }, stringData: { A: 'canary' } };
    const fault = await faultOf(connection.core.createNamespacedSecret({ namespace: 'n', body }));
    expect(fault.message).toBe('Invalid');
    expect(String(fault.stack)).not.toContain('canary');
  });

  it('leaves out the words of something that is no API server', async () => {
    const { connection } = await answering((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<html>bad gateway</html>');
    });
    expect(await faultOf(connection.getJson('/version', {}))).toMatchObject({
      kind: 'SERVER_ERROR',
      message: 'HTTP 502',
    });
  });

  it('says so of a redirect, which is not followed', async () => {
    const { connection, requests } = await answering((_, response) => {
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    expect((await faultOf(connection.getJson('/version', {}))).status).toBe(302);
    expect(requests).toHaveLength(1);
  });
});

describe('a call that gets no answer', () => {
  it('is UNREACHABLE where nobody listens', async () => {
    const connection = connectCluster(
      { server: 'http://127.0.0.1:1', bearerToken: 't' },
      { addresses: anywhere, requestTimeoutMs: 1_000 },
    );
    expect(await faultOf(connection.getJson('/version', {}))).toMatchObject({
      kind: 'UNREACHABLE',
      reason: 'ECONNREFUSED',
    });
    await connection.close();
  });

  it('is UNREACHABLE when the connection is reset', async () => {
    const { connection } = await answering((_, response) => void response.destroy());
    expect((await faultOf(connection.getJson('/version', {}))).kind).toBe('UNREACHABLE');
  });

  it('is UNREACHABLE when the connection is reset in the middle of the answer', async () => {
    const { connection } = await answering((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a":', () => response.destroy());
    });
    expect((await faultOf(connection.getJson('/version', {}))).kind).toBe('UNREACHABLE');
  });

  it('fails when the answer is without end', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 0x20);
    const { connection } = await answering((_, response) => {
      const pump = (): void => {
        while (!response.destroyed && response.write(megabyte));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    });
    expect(await faultOf(connection.getJson('/version', {}))).toMatchObject({
      kind: 'SERVER_ERROR',
      reason: 'ResponseTooLarge',
    });
  });
});

describe('toKubernetesFault', () => {
  it('does not take a mistake of ours for the network', () => {
    const mistake = new TypeError('x is undefined');
    expect(toKubernetesFault(mistake)).toMatchObject({ kind: 'SERVER_ERROR', cause: mistake });
  });

  it('leaves a fault as it is', () => {
    const fault = toKubernetesFault(new Error('any'));
    expect(toKubernetesFault(fault)).toBe(fault);
  });
});
