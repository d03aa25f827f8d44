import { PatchStrategy } from '@kubernetes/client-node';
import { afterEach, describe, expect, it, test } from 'vitest';
import {
  type FakeAnswer,
  type FakeApiServer,
  sendJson,
  startFakeApiServer,
  statusBody,
} from '../testing/fake-api-server.js';
import { readClusterIdentity } from './cluster-identity.js';
import { connectCluster } from './connection.js';
import { KubernetesFault, type KubernetesFaultKind, toKubernetesFault } from './fault.js';

let server: FakeApiServer | undefined;

async function answering(answer: FakeAnswer): Promise<FakeApiServer> {
  server = await startFakeApiServer(answer);
  return server;
}

async function faultOf(call: Promise<unknown>): Promise<KubernetesFault> {
  const error: unknown = await call.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof KubernetesFault) return error;
  throw error;
}

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('a typed call', () => {
  it('sends the token, strict validation and the body, and gives the answer typed with its warnings', async () => {
    const { connection, requests } = await answering((request, response) => {
      const job = {
        ...(JSON.parse(request.body) as object),
        metadata: { name: 'a', uid: 'u1', creationTimestamp: '2026-11-23T10:00:00Z' },
      };
      sendJson(response, 201, job, { warning: '299 - "would violate PodSecurity"' });
    });
    const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' } };
    const created = await connection.batch.createNamespacedJobWithHttpInfo({
      namespace: 'n',
      body,
      fieldValidation: 'Strict',
    });
    expect(created.data.metadata?.creationTimestamp).toEqual(new Date('2026-11-23T10:00:00Z'));
    expect(created.headers['warning']).toContain('PodSecurity');
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/apis/batch/v1/namespaces/n/jobs',
      headers: { authorization: 'Bearer test-token', 'content-type': 'application/json' },
    });
    expect(requests[0]?.query.get('fieldValidation')).toBe('Strict');
  });

  it('sends a list of operations as JSON Patch', async () => {
    const { connection, requests } = await answering((_, response) =>
      sendJson(response, 200, { metadata: { name: 'a' } }),
    );
    const operations = [{ op: 'test', path: '/metadata/uid', value: 'u1' }];
    await connection.batch.patchNamespacedJob(
      { namespace: 'n', name: 'a', body: operations },
      connection.callOptions({ timeoutMs: 1_000 }),
    );
    expect(requests[0]?.headers['content-type']).toBe(PatchStrategy.JsonPatch);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual(operations);
  });

  it('ends after its timeout', async () => {
    const { connection } = await answering(() => undefined);
    const fault = await faultOf(
      connection.core.readNamespace({ name: 'n' }, connection.callOptions({ timeoutMs: 50 })),
    );
    expect(fault.kind).toBe('TIMEOUT');
  });

  it('ends with the reason of the signal that aborts it', async () => {
    const { connection } = await answering(() => undefined);
    const controller = new AbortController();
    const call = connection.core.readNamespace({ name: 'n' }, connection.callOptions({ signal: controller.signal }));
    controller.abort(new Error('shutting down'));
    await expect(call).rejects.toThrow('shutting down');
  });

  it('has a fault for an answer that is no JSON', async () => {
    const { connection } = await answering((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"data": "canary');
    });
    const error: unknown = await connection.core.readNamespace({ name: 'n' }).catch((reason: unknown) => reason);
    expect(toKubernetesFault(error)).toMatchObject({ kind: 'SERVER_ERROR', cause: undefined });
  });
});

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

  it('about a Secret keeps the API server’s words to itself', async () => {
    const { connection } = await answering((_, response) =>
      sendJson(response, 422, statusBody(422, 'Invalid', 'Invalid value: "canary"')),
    );
    const body = { metadata: { name: 's' }, stringData: { A: 'canary' } };
    const fault = await faultOf(connection.core.createNamespacedSecret({ namespace: 'n', body }));
    expect(fault.message).toBe('Invalid');
    expect(String(fault.stack)).not.toContain('canary');
  });

  it('by something that is no API server is a fault without its words', async () => {
    const { connection } = await answering((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<html>bad gateway</html>');
    });
    expect(await faultOf(connection.getJson('/version', {}))).toMatchObject({
      kind: 'SERVER_ERROR',
      message: 'HTTP 502',
    });
  });

  it('is what a redirect is: it is not followed', async () => {
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
    const connection = connectCluster({ server: 'http://127.0.0.1:1', bearerToken: 't' }, { requestTimeoutMs: 1_000 });
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

describe('a stream', () => {
  const call = { query: {}, signal: new AbortController().signal, idleTimeoutMs: 5_000 };

  it('gives bytes as they arrive and fails as a fault when it breaks', async () => {
    const { connection } = await answering((_, response) => {
      response.write('first', () => setTimeout(() => response.destroy(), 20));
    });
    const received: string[] = [];
    const reading = (async () => {
      for await (const chunk of await connection.openStream('/x', call)) received.push(chunk.toString());
    })();
    const error: unknown = await reading.catch((reason: unknown) => reason);
    expect(toKubernetesFault(error).kind).toBe('UNREACHABLE');
    expect(received).toEqual(['first']);
  });

  it('fails when it falls silent', async () => {
    const { connection } = await answering((_, response) => void response.write('x'));
    const stream = await connection.openStream('/x', { ...call, idleTimeoutMs: 100 });
    const error: unknown = await stream[Symbol.asyncIterator]()
      .next()
      .then(async () => {
        for await (const chunk of stream) expect(chunk).toBeUndefined();
      })
      .catch((reason: unknown) => reason);
    expect(toKubernetesFault(error).kind).toBe('TIMEOUT');
  });

  it('is refused like a call', async () => {
    const { connection } = await answering((_, response) =>
      sendJson(response, 404, statusBody(404, 'NotFound', 'pods "a" not found')),
    );
    expect(await faultOf(connection.openStream('/x', call))).toMatchObject({
      kind: 'NOT_FOUND',
      message: 'NotFound: pods "a" not found',
    });
  });

  it('ends when the connection is closed', async () => {
    const { connection } = await answering((_, response) => void response.write('x'));
    const stream = await connection.openStream('/x', call);
    const reading = (async () => {
      for await (const chunk of stream) expect(chunk.length).toBe(1);
    })();
    await connection.close();
    await expect(reading).rejects.toThrow();
  });
});

describe('readClusterIdentity', () => {
  it('is the uid of kube-system and the version', async () => {
    const { connection } = await answering((request, response) =>
      sendJson(response, 200, request.path === '/version' ? { gitVersion: 'v1.35.4' } : { metadata: { uid: 'abc' } }),
    );
    expect(await readClusterIdentity(connection)).toEqual({ systemUid: 'abc', version: 'v1.35.4' });
  });

  it('refuses what does not answer like Kubernetes', async () => {
    const { connection } = await answering((_, response) => sendJson(response, 200, {}));
    expect((await faultOf(readClusterIdentity(connection))).kind).toBe('SERVER_ERROR');
  });
});
