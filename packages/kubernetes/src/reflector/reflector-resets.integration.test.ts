import { setTimeout as sleep } from 'node:timers/promises';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRealCluster, type RealCluster } from '../testing/real-cluster.js';
import { startReflector } from './reflector.js';

const quiet = { info: () => undefined, warn: () => undefined };

let cluster: RealCluster;

beforeAll(async () => {
  cluster = await openRealCluster();
});

afterAll(() => cluster.close());

async function putConfigMap(name: string, value: string, expected: Record<string, string>): Promise<void> {
  const { namespace } = cluster;
  await cluster.admin.core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name, labels: { test: 'reflector' } }, data: { value } },
  });
  expected[`${namespace}/${name}`] = value;
}

async function deleteConfigMap(name: string, expected: Record<string, string>): Promise<void> {
  const { namespace } = cluster;
  await cluster.admin.core.deleteNamespacedConfigMap({ namespace, name });
  delete expected[`${namespace}/${name}`];
}

describe('a reflector of a real API server', () => {
  it('ends up with exactly what is there, although its connections are reset and stalled', async () => {
    const { connection, namespace, proxy } = cluster;
    const reflector = startReflector<string>(
      {
        connection,
        path: `/api/v1/namespaces/${namespace}/configmaps`,
        query: { labelSelector: 'test=reflector' },
        toItem: (unsafeObject) => (unsafeObject as V1ConfigMap).data?.['value'],
        onChange: () => undefined,
        now: Date.now,
        random: Math.random,
        pageSize: 7,
        relistIntervalMs: 600_000,
        log: quiet,
      },
      {
        backoff: { baseMs: 100, maxMs: 500 },
        healthyAfterMs: 1_000,
        shortestWatchMs: 1_000,
        idleTimeoutMs: 3_000,
        watchSeconds: 5,
      },
    );
    await reflector.whenSynced(AbortSignal.timeout(10_000));
    const seen = () => Object.fromEntries([...reflector.items()].map(([key, { item }]) => [key, item]));
    const expected: Record<string, string> = {};
    for (let at = 0; at < 60; at += 1) {
      await putConfigMap(`m-${at}`, `${at}`, expected);
      if (at % 3 === 1) await deleteConfigMap(`m-${at - 1}`, expected);
      if (at % 15 === 7) proxy.resetAll();
    }
    await expect.poll(seen, { timeout: 20_000, interval: 50 }).toEqual(expected);
    proxy.mode = 'stall';
    await putConfigMap('unseen', '1', expected);
    await sleep(4_000);
    proxy.mode = 'pass';
    await expect.poll(seen, { timeout: 20_000, interval: 50 }).toEqual(expected);
    await reflector.stop();
  });
});
