import { PatchStrategy } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { answering } from '../testing/answering.js';
import { sendJson, statusBody } from '../testing/fake-api-server.js';
import { faultOf } from '../testing/fault-of.js';
import { readClusterIdentity } from './cluster-identity.js';
import { toKubernetesFault } from './fault.js';
import type { ByteStream } from './transport.js';

async function drain(stream: ByteStream, onChunk: (chunk: Buffer) => void = () => undefined): Promise<void> {
  for await (const chunk of stream) onChunk(chunk);
}

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

describe('a stream', () => {
  const call = { query: {}, signal: new AbortController().signal, idleTimeoutMs: 5_000 };

  it('gives bytes as they arrive and fails as a fault when it breaks', async () => {
    const { connection } = await answering((_, response) => {
      response.write('first', () => setTimeout(() => response.destroy(), 20));
    });
    const received: string[] = [];
    const stream = await connection.openStream('/x', call);
    const error: unknown = await drain(stream, (chunk) => received.push(chunk.toString())).catch(
      (reason: unknown) => reason,
    );
    expect(toKubernetesFault(error).kind).toBe('UNREACHABLE');
    expect(received).toEqual(['first']);
  });

  it('fails when it falls silent', async () => {
    const { connection } = await answering((_, response) => void response.write('x'));
    const stream = await connection.openStream('/x', { ...call, idleTimeoutMs: 100 });
    const error: unknown = await drain(stream).catch((reason: unknown) => reason);
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
    const reading = drain(stream).catch((reason: unknown) => reason);
    await connection.close();
    expect(toKubernetesFault(await reading).kind).toBe('UNREACHABLE');
  });
});

describe('readClusterIdentity', () => {
  it('is the uid of kube-system and the version', async () => {
    const { connection } = await answering((request, response) =>
      sendJson(response, 200, request.path === '/version' ? { gitVersion: 'v1.35.4' } : { metadata: { uid: 'abc' } }),
    );
    expect(await readClusterIdentity(connection)).toEqual({ systemUid: 'abc', version: 'v1.35.4' });
  });

  it.each([
    ['nothing', {}],
    ['a uid with NUL', { metadata: { uid: 'a\0b' }, gitVersion: 'v1' }],
    ['a version that acts on a terminal', { metadata: { uid: 'a' }, gitVersion: '\u001b[2J' }],
    ['a version of two lines', { metadata: { uid: 'a' }, gitVersion: 'v1\nv2' }],
    ['a uid without end', { metadata: { uid: 'a'.repeat(65) }, gitVersion: 'v1' }],
  ])('refuses what does not answer like Kubernetes: %s', async (_, body) => {
    const { connection } = await answering((__, response) => sendJson(response, 200, body));
    expect((await faultOf(readClusterIdentity(connection))).kind).toBe('SERVER_ERROR');
  });
});
