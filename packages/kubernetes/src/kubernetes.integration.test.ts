import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultProxy, readTestEnvironment, startTcpFaultProxy } from '@ccluster/testkit';
import type { V1ConfigMap, V1Job, V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseKubeconfig } from './access/kubeconfig.js';
import { readClusterIdentity } from './connection/cluster-identity.js';
import { type ClusterConnection, connectCluster } from './connection/connection.js';
import { followLog } from './logs/log-stream.js';
import { startReflector } from './reflector/reflector.js';
import { anywhere } from './testing/fake-api-server.js';

const environment = readTestEnvironment();
const image = `${environment.image.url}:${environment.image.tag}`;
const namespace = `ccluster-kubernetes-${randomBytes(4).toString('hex')}`;
const quiet = { info: () => undefined, warn: () => undefined };

let admin: ClusterConnection;
let proxy: FaultProxy;
/** Through the proxy, which breaks. */
let connection: ClusterConnection;

beforeAll(async () => {
  const [cluster] = environment.clusters;
  const credentials = parseKubeconfig(readFileSync(cluster?.kubeconfig ?? '', 'utf8'));
  admin = connectCluster(credentials, { addresses: anywhere, requestTimeoutMs: 20_000 });
  await admin.core.createNamespace({ body: { metadata: { name: namespace } } });
  const { hostname, port } = new URL(credentials.server);
  proxy = await startTcpFaultProxy({ target: { host: hostname, port: Number(port || '443') } });
  const server = `https://${proxy.host}:${proxy.port}`;
  const tlsServerName = hostname === proxy.host ? undefined : hostname;
  connection = connectCluster(
    { ...credentials, server, tlsServerName },
    { addresses: anywhere, requestTimeoutMs: 5_000 },
  );
});

afterAll(async () => {
  await connection.close();
  await proxy.close();
  await admin.core.deleteNamespace({ name: namespace });
  await admin.close();
});

function job(name: string, suspend: boolean): V1Job {
  const containers = [{ name: 'main', image, command: ['true'] }];
  return { metadata: { name }, spec: { suspend, template: { spec: { restartPolicy: 'Never', containers } } } };
}

async function startPod(name: string, script: string): Promise<void> {
  const containers = [{ name: 'main', image, command: ['sh', '-c', script] }];
  const body: V1Pod = {
    metadata: { name },
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers },
  };
  await vi.waitFor(() => admin.core.createNamespacedPod({ namespace, body }), { timeout: 10_000 });
}

/** What is known of the pod's end, asked for every now and then, as a watch would tell it. */
function watchEnd(pod: string): { isFinished: () => boolean; stop: () => void } {
  let finished = false;
  const timer = setInterval(() => {
    void admin.core.readNamespacedPod({ namespace, name: pod }).then(
      ({ status }) => (finished = status?.phase === 'Succeeded' || status?.phase === 'Failed'),
      () => undefined,
    );
  }, 300);
  return { isFinished: () => finished, stop: () => clearInterval(timer) };
}

/**
 * The lines of a log, long ones put together again, and gaps by their code. So many times, when it has got ahead, the
 * connection is reset in the middle of what it carries.
 */
async function collectLog(pod: string, resets: number): Promise<string[]> {
  let resetsLeft = resets;
  const lines: string[] = [];
  let open = '';
  const end = watchEnd(pod);
  const followed = { connection, namespace, pod, container: 'main', isContainerFinished: end.isFinished };
  const signal = AbortSignal.timeout(50_000);
  for await (const { pieces } of followLog({
    ...followed,
    position: undefined,
    nowMs: () => performance.now(),
    random: Math.random,
    signal,
    log: quiet,
  })) {
    for (const piece of pieces) {
      open += piece.kind === 'line' ? piece.bytes.toString() : piece.code;
      if (piece.kind === 'line' && piece.continued) continue;
      lines.push(open);
      open = '';
    }
    if (resetsLeft > 0) proxy.resetAfterBytes(Math.floor(Math.random() * 3_000));
    resetsLeft -= 1;
  }
  end.stop();
  return lines;
}

async function putConfigMap(name: string, value: string, expected: Record<string, string>): Promise<void> {
  await admin.core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name, labels: { test: 'reflector' } }, data: { value } },
  });
  expected[`${namespace}/${name}`] = value;
}

async function deleteConfigMap(name: string, expected: Record<string, string>): Promise<void> {
  await admin.core.deleteNamespacedConfigMap({ namespace, name });
  delete expected[`${namespace}/${name}`];
}

describe('a connection to a real API server', () => {
  it('knows which cluster it is', async () => {
    const identity = await readClusterIdentity(connection);
    expect(identity.systemUid).toMatch(/^[0-9a-f-]{36}$/);
    expect(identity.version).toMatch(/^v1\./);
  });

  it('is refused what is not there, a second Job of the same name, and a change to what it no longer is', async () => {
    const { batch } = connection;
    await expect(connection.getJson('/api/v1/namespaces/no-such-namespace', {})).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      reason: 'NotFound',
    });
    await batch.createNamespacedJob({ namespace, body: job('twice', true), fieldValidation: 'Strict' });
    await expect(batch.createNamespacedJob({ namespace, body: job('twice', true) })).rejects.toMatchObject({
      kind: 'ALREADY_EXISTS',
    });
    const stale = [
      { op: 'test', path: '/metadata/uid', value: 'another' },
      { op: 'replace', path: '/spec/suspend', value: false },
    ];
    await expect(batch.patchNamespacedJob({ namespace, name: 'twice', body: stale })).rejects.toMatchObject({
      kind: 'INVALID',
      status: 422,
    });
    const body = { propagationPolicy: 'Background', preconditions: { uid: 'another' } };
    await expect(batch.deleteNamespacedJob({ namespace, name: 'twice', body })).rejects.toMatchObject({
      kind: 'CONFLICT',
    });
  });
});

describe('followLog on a real kubelet', () => {
  it('has all of 1,000 lines once, although its connections are reset again and again', async () => {
    await startPod(
      'thousand',
      'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo "line $i"; [ $((i%40)) -eq 0 ] && sleep 0.2; done',
    );
    const lines = await collectLog('thousand', 12);
    expect(lines).toEqual(Array.from({ length: 1000 }, (_, at) => `line ${at + 1}`));
  });

  it('keeps long lines, a last one without a newline, and what two streams write at once', async () => {
    const long = 'head -c 100000 /dev/zero | tr "\\0" x; echo';
    const both = 'i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo "out $i"; echo "err $i" >&2; done';
    await startPod('odd', `${long}; sleep 1; ${both}; sleep 1; printf "no newline"`);
    const lines = await collectLog('odd', 5);
    const numbers = Array.from({ length: 200 }, (_, at) => at + 1);
    expect(lines.filter((each) => each.startsWith('out'))).toEqual(numbers.map((number) => `out ${number}`));
    expect(lines.filter((each) => each.startsWith('err'))).toEqual(numbers.map((number) => `err ${number}`));
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([402, 'x'.repeat(100_000), 'no newline']);
  });

  it('says so when the pod is gone', async () => {
    expect(await collectLog('no-such-pod', 0)).toEqual(['LOG_UNAVAILABLE']);
  });
});

describe('a reflector of a real API server', () => {
  it('ends up with exactly what is there, although its connections are reset and stalled', async () => {
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
