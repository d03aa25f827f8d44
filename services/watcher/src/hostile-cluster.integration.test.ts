import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createSealer, openDatabase, type Database } from '@ccluster/db';
import { SecretText } from '@ccluster/domain';
import { clusterAddressesVariable } from '@ccluster/kubernetes';
import { createLogger, sleep, withoutCrash, type Loop } from '@ccluster/runtime';
import { aJobSpec, createTestDatabase, TEST_CLUSTER_ADDRESSES, waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReasonTable } from './observe/parse-reason-rules.js';
import {
  insertPlacedJob,
  newTestId,
  placementIn,
  recordAll,
  registerTestCluster,
  type TestCluster,
} from './testing/armed-job.js';
import { startClusterServer, type ClusterServer } from './testing/cluster-server.js';
import { hostileAttitudes } from './testing/hostile-attitudes.js';
import { startWatchingClusters } from './watch-clusters.js';

const log = createLogger('watcher-test');
log.level = 'silent';

const INSTALLATION = 'hostile-test';
const ATTACK_MS = 4_000;
/** How late the other cluster may be seen: a second is ordinary, and the attacker runs in this very process. */
const LATE_MS = 10_000;
const MOST_GROWTH_MIB = 768;

const foreign = { jobId: '', kubernetesUid: 'uid-of-ours', installation: INSTALLATION, clusterIds: [] as string[] };
const names = Object.keys(hostileAttitudes(foreign));

describe('a hostile cluster', () => {
  let server: ClusterServer;
  let database: Database;
  let drop: () => Promise<void>;
  let watching: Loop;
  let ours: TestCluster;
  let jobId: string;
  let wakeUp: () => void = () => undefined;
  const sealer = createSealer(randomBytes(32));

  const register = async (token: string): Promise<TestCluster> => {
    const id = newTestId('cl');
    const credentials = new SecretText(JSON.stringify(server.credentials(token)));
    const cluster = await registerTestCluster(database, {
      id,
      systemUid: `uid-${token}`,
      readerCredentials: sealer.seal(credentials, `clusters:${id}:reader`),
    });
    wakeUp();
    return cluster;
  };
  const query = async (text: string, ...values: unknown[]) =>
    (await database.pool.query<Record<string, unknown>>(text, values)).rows;

  beforeAll(async () => {
    server = await startClusterServer();
    const created = await createTestDatabase();
    drop = created.drop;
    database = openDatabase({ url: created.url, maxConnections: 12, applicationName: 'test', onIdleError: () => {} });
    server.show('ours', { systemUid: 'uid-ours' });
    ours = await register('ours');
    jobId = await insertPlacedJob(database, ours, aJobSpec({ name: 'ours' }));
    const placement = placementIn(ours);
    await recordAll(database, jobId, [
      { type: 'ARMED', kubernetesUid: foreign.kubernetesUid, placement },
      { type: 'INTENT_APPLIED', intent: 1, released: true, resourceVersion: '4' },
    ]);
    watching = startWatchingClusters({
      database,
      sealer,
      clusterAddresses: clusterAddressesVariable.parse(TEST_CLUSTER_ADDRESSES),
      watcherName: 'first',
      installation: INSTALLATION,
      reasons: parseReasonTable('{}'),
      logDrainMs: 30_000,
      unreachableAfterMs: 30_000,
      logLimitBytes: 1024 * 1024,
      wakeUp: {
        wait: (timeoutMs, signal) => {
          const woken = new Promise<void>((resolve) => (wakeUp = resolve));
          return Promise.race([sleep(Math.min(timeoutMs, 500), signal), woken]);
        },
        close: () => {},
      },
      announcer: { change: () => {}, logs: () => {}, capacity: () => {} },
      nowMs: () => performance.now(),
      atRisk: withoutCrash,
      log,
    });
    // Its job is not in its cluster: of the one that is to be kept from lies, nothing else is to be said.
    server.show('ours', { systemUid: 'uid-ours', behave: keepJobs });
  });
  afterAll(async () => {
    await watching.stop();
    await server.stop();
    await database.close();
    await drop();
  });

  /** The honest cluster still has the job's Kubernetes Job. */
  const keepJobs: NonNullable<Parameters<ClusterServer['show']>[1]['behave']> = ({ path, kind, isWatch }, response) => {
    if (isWatch || (kind !== 'jobs' && !path.includes('/jobs/'))) return false;
    const labels = {
      'ccluster.io/installation': INSTALLATION,
      'ccluster.io/cluster': ours.id,
      'ccluster.io/job-id': jobId,
    };
    const identity = { name: 'ours', namespace: ours.namespace, uid: foreign.kubernetesUid, resourceVersion: '5' };
    const object = {
      metadata: { ...identity, labels, annotations: { 'ccluster.io/intent': '1' } },
      spec: { suspend: false },
      status: {},
    };
    const body = kind === 'jobs' ? { metadata: { resourceVersion: '5' }, items: [object] } : object;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };

  let pods = 10;
  /** How long it takes until a change of the honest cluster is stored. */
  const seenAfterMs = async (): Promise<number> => {
    pods += 1;
    const startMs = performance.now();
    server.setPods(pods);
    const isSeen = async () =>
      (await query('SELECT room FROM instance_types WHERE cluster_id = $1', ours.id))[0]?.room === pods;
    await waitFor(isSeen, { timeoutMs: 30_000, what: 'the other cluster to be seen' });
    return performance.now() - startMs;
  };

  const stateOf = async () =>
    (await query('SELECT state, live_pods, running_count, failed_count FROM jobs WHERE id = $1', jobId))[0];

  it('is preceded by an honest one that is watched', async () => {
    await seenAfterMs();
    expect(await stateOf()).toMatchObject({ state: { phase: 'ARMED' }, live_pods: 0 });
  });

  it.each(names)('with %s takes nothing from another cluster, and memory without end neither', async (name) => {
    const before = await stateOf();
    const token = `hostile-${names.indexOf(name)}`;
    server.show(token, { systemUid: `uid-${token}` });
    const hostile = await register(token);
    const attitude = hostileAttitudes({ ...foreign, jobId, clusterIds: [hostile.id, ours.id] })[name];
    server.show(token, { systemUid: `uid-${token}`, ...(attitude && { behave: attitude }) });
    const startMib = process.memoryUsage().rss / 1024 / 1024;
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const seen: number[] = [];
    let mostMib = startMib;
    for (const startMs = performance.now(); performance.now() - startMs < ATTACK_MS;) {
      seen.push(await seenAfterMs());
      mostMib = Math.max(mostMib, process.memoryUsage().rss / 1024 / 1024);
    }
    delay.disable();
    const figures = {
      attitude: name,
      requests: server.requests(token),
      'latest sight of the other cluster, ms': Math.round(Math.max(...seen)),
      'longest stall of the process, ms': Math.round(delay.max / 1e6),
      'memory above the start, MiB': Math.round(mostMib - startMib),
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    expect(server.requests(token)).toBeGreaterThan(3);
    expect(Math.max(...seen)).toBeLessThan(LATE_MS);
    expect(mostMib - startMib).toBeLessThan(MOST_GROWTH_MIB);
    expect(await stateOf()).toEqual(before);
    await query('UPDATE clusters SET removed_at = now() WHERE id = $1', hostile.id);
    const isLetGo = async () =>
      (await query('SELECT 1 FROM cluster_leases WHERE cluster_id = $1 AND expires_at > now()', hostile.id)).length ===
      0;
    await waitFor(isLetGo, { timeoutMs: 10_000, what: 'the hostile cluster to be let go' });
  });
});
