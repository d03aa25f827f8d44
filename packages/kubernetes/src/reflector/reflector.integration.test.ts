import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  readTestEnvironment,
  startHttpFaultProxy,
  waitFor,
  type AnswerFault,
  type HttpFault,
  type HttpFaultProxy,
  type ProxiedRequest,
} from '@ccluster/testkit';
import type { V1ConfigMap } from '@kubernetes/client-node';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseKubeconfig } from '../access/kubeconfig.js';
import { connectCluster, type ClusterConnection } from '../connection/connection.js';
import { anywhere } from '../testing/fake-api-server.js';
import { startReflector, type Reflector } from './reflector.js';

const SEED = 20_261_125;
const STEPS = 40;
const namespace = `ccluster-reflector-${randomBytes(4).toString('hex')}`;
const path = `/api/v1/namespaces/${namespace}/configmaps`;
const isOurs = (request: ProxiedRequest): boolean => request.path === path;

const ofWatches: AnswerFault[] = [
  { kind: 'cut-body', afterBytes: 0 },
  { kind: 'cut-body', afterBytes: 700 },
  { kind: 'cut-body', afterBytes: 700, insideCharacter: true },
  { kind: 'stall', forMs: 300 },
  { kind: 'half-open', forMs: Infinity },
  { kind: 'damaged-line' },
  { kind: 'duplicated-line' },
  { kind: 'reordered-lines' },
  { kind: 'early-close', afterMs: 100 },
  { kind: 'expired-event' },
  { kind: 'only-bookmarks', forMs: 300 },
];
const ofRequests: HttpFault[] = [
  { kind: 'status', status: 410, body: 'kubernetes' },
  { kind: 'status', status: 429, retryAfterSeconds: 0, body: 'kubernetes' },
  { kind: 'status', status: 500, body: 'bare' },
  { kind: 'status', status: 503, body: 'kubernetes' },
  { kind: 'status', status: 504, body: 'bare' },
  { kind: 'reset-before' },
  { kind: 'reset-after' },
  { kind: 'slow-body', bytesPerSecond: 20_000, forMs: Infinity },
  ...ofWatches,
];

let admin: ClusterConnection;
let proxy: HttpFaultProxy;
/** Through the proxy. */
let connection: ClusterConnection;
const nextRequests: HttpFault[] = [];

beforeAll(async () => {
  const [cluster] = readTestEnvironment().clusters;
  const kubeconfigText = readFileSync(cluster?.kubeconfig ?? '', 'utf8');
  admin = connectCluster(parseKubeconfig(kubeconfigText), { addresses: anywhere, requestTimeoutMs: 20_000 });
  await admin.core.createNamespace({ body: { metadata: { name: namespace } } });
  proxy = await startHttpFaultProxy({ kubeconfigText, decide: () => nextRequests.shift() });
  connection = connectCluster(parseKubeconfig(proxy.kubeconfigText), { addresses: anywhere, requestTimeoutMs: 1_000 });
});

afterAll(async () => {
  await connection.close();
  await proxy.close();
  await admin.core.deleteNamespace({ name: namespace });
  await admin.close();
});

function reflectorThroughProxy(): Reflector<string> {
  return startReflector<string>(
    {
      connection,
      path,
      query: { labelSelector: 'test=reflector' },
      toItem: (unsafeObject) => (unsafeObject as V1ConfigMap).data?.['value'],
      onChange: () => undefined,
      now: Date.now,
      random: Math.random,
      pageSize: 7,
      relistIntervalMs: 600_000,
      log: { info: () => undefined, warn: () => undefined },
    },
    {
      backoff: { baseMs: 20, maxMs: 100 },
      healthyAfterMs: 1_000,
      shortestWatchMs: 200,
      idleTimeoutMs: 1_500,
      watchSeconds: 5,
    },
  );
}

/** Puts, changes or deletes one of ten, past the proxy. */
async function change(step: number, expected: Map<string, string>): Promise<void> {
  const name = `m-${step % 10}`;
  const key = `${namespace}/${name}`;
  const value = `ä${step}ö`.repeat(20);
  const body: V1ConfigMap = { metadata: { name, labels: { test: 'reflector' } }, data: { value } };
  if (!expected.has(key)) await admin.core.createNamespacedConfigMap({ namespace, body });
  else if (step % 3 > 0) await admin.core.replaceNamespacedConfigMap({ namespace, name, body });
  else {
    await admin.core.deleteNamespacedConfigMap({ namespace, name });
    expected.delete(key);
    return;
  }
  expected.set(key, value);
}

it('a reflector of a real API server ends up with exactly what is there, whatever befalls its requests and watches', async () => {
  const reflector = reflectorThroughProxy();
  const seen = () => new Map([...reflector.items()].map(([key, { item }]) => [key, item]));
  await reflector.whenSynced(AbortSignal.timeout(10_000));
  const expected = new Map<string, string>();
  const coming = fc.sample(fc.option(fc.constantFrom(...ofRequests)), { seed: SEED, numRuns: STEPS });
  for (const [step, fault] of fc.sample(fc.constantFrom(...ofWatches), { seed: SEED, numRuns: STEPS }).entries()) {
    await waitFor(() => proxy.strike(fault, isOurs) > 0, { timeoutMs: 10_000, what: 'a watch to break' });
    nextRequests.push(...coming.slice(step, step + 1).filter((next) => next !== null));
    await change(2 * step, expected);
    await change(2 * step + 1, expected);
    if (step % 10 < 9) continue;
    nextRequests.length = 0;
    await expect.poll(seen, { timeout: 10_000, interval: 20 }).toEqual(expected);
  }
  await reflector.stop();
  const happened = Object.values(proxy.counts);
  expect(happened.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(STEPS);
  expect(happened.length).toBeGreaterThan(10);
});
