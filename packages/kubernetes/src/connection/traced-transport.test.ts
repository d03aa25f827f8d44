import { inSpan } from '@ccluster/runtime';
import { recordSpans, type RecordedSpans } from '@ccluster/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anywhere, sendJson, startFakeApiServer, statusBody, type FakeAnswer } from '../testing/fake-api-server.js';
import { connectCluster, type ClusterConnection } from './connection.js';

const CANARY = 'canary-77aa';
const JOBS = '/apis/batch/v1/namespaces/n/jobs';
const { signal } = new AbortController();

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => spans.stop());

/** Every word that could come from elsewhere is the canary. */
async function traced(
  answer: FakeAnswer,
  call: (connection: ClusterConnection) => Promise<unknown>,
  requestTimeoutMs = 5_000,
) {
  const server = await startFakeApiServer(answer);
  const connection = connectCluster(
    { server: `http://127.0.0.1:${server.port}/${CANARY}`, bearerToken: CANARY },
    { addresses: anywhere, requestTimeoutMs, clusterId: 'cl_1' },
  );
  try {
    await inSpan('work', {}, () => call(connection)).catch(() => undefined);
  } finally {
    await connection.close();
    await server.stop();
  }
  const told = spans.all().map(({ name, attributes, status, events }) => ({ name, attributes, status, events }));
  expect(JSON.stringify(told)).not.toContain(CANARY);
  return told.filter(({ name }) => name !== 'work');
}

const refusing =
  (status: number, reason: string, headers: Record<string, string> = {}): FakeAnswer =>
  (_, response) =>
    sendJson(response, status, statusBody(status, reason, CANARY, { name: CANARY }), headers);

describe('a request to a cluster', () => {
  it('is a span of its verb, kind, cluster and status, and of nothing that is asked or answered', async () => {
    const [span, ...others] = await traced(
      (_, response) => sendJson(response, 201, { metadata: { name: CANARY } }, { warning: CANARY }),
      ({ core }) =>
        core.createNamespacedSecret({
          namespace: CANARY,
          body: { metadata: { name: CANARY }, stringData: { [CANARY]: CANARY } },
          fieldValidation: 'Strict',
        }),
    );
    expect(others).toEqual([]);
    expect(span).toMatchObject({
      name: 'POST secrets',
      attributes: {
        'ccluster.cluster.id': 'cl_1',
        'ccluster.timeout_ms': 5_000,
        'http.request.method': 'POST',
        'http.response.status_code': 201,
        'k8s.resource': 'secrets',
      },
    });
  });

  it.each([
    [JOBS, 'GET jobs'],
    [`${JOBS}/${CANARY}`, 'GET jobs'],
    [`${JOBS}/${CANARY}/status`, 'GET jobs/status'],
    [`/api/v1/namespaces/${CANARY}/pods/${CANARY}/log`, 'GET pods/log'],
    ['/api/v1/namespaces/kube-system', 'GET namespaces'],
    ['/api/v1/nodes', 'GET nodes'],
    ['/version', 'GET version'],
    [`/${CANARY}`, 'GET other'],
  ])('to %s is named %s', async (path, name) => {
    const query = { labelSelector: CANARY };
    const [span] = await traced(
      (_, response) => sendJson(response, 200, {}),
      (connection) => connection.getJson(path, path === '/version' ? {} : { query }),
    );
    expect(span?.name).toBe(name);
  });

  it.each<[string, FakeAnswer, Record<string, unknown>]>([
    ['is forbidden', refusing(403, 'Forbidden'), { 'error.type': 'FORBIDDEN', 'http.response.status_code': 403 }],
    [
      'is put off',
      refusing(429, CANARY, { 'retry-after': '3' }),
      { 'error.type': 'TOO_MANY_REQUESTS', 'http.response.status_code': 429, 'ccluster.retry_after_ms': 3_000 },
    ],
    ['fails with words of the cluster as reason', refusing(500, CANARY), { 'error.type': 'SERVER_ERROR' }],
    ['is broken off', (_, response) => void response.destroy(), { 'error.type': 'UNREACHABLE' }],
    ['is not answered in time', () => undefined, { 'error.type': 'TIMEOUT' }],
  ])('that %s is an error of its type, without a word of the cluster', async (_, answer, attributes) => {
    const [span] = await traced(answer, (connection) => connection.getJson(`${JOBS}/${CANARY}`, { signal }), 300);
    expect(span).toMatchObject({ name: 'GET jobs', attributes, events: [] });
    expect(span?.status).not.toHaveProperty('message');
  });

  it('that opens a stream is a span until its answer begins', async () => {
    const [span] = await traced(
      (_, response) => void response.writeHead(200).write('{}\n'),
      (connection) => connection.openStream(JOBS, { query: { watch: '1' }, signal, idleTimeoutMs: 1_000 }),
    );
    expect(span?.name).toBe('GET jobs');
  });

  it('is none outside of a trace', async () => {
    const server = await startFakeApiServer((_, response) => sendJson(response, 200, {}));
    await server.connection.getJson(JOBS, {});
    await server.stop();
    expect(spans.all()).toEqual([]);
  });
});
