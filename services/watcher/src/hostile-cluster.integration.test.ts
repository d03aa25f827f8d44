import { monitorEventLoopDelay } from 'node:perf_hooks';
import { aJobSpec, waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertPlacedJob, placementIn, recordAll, type TestCluster } from './testing/armed-job.js';
import type { FaceOfCluster } from './testing/cluster-server.js';
import { hostileAttitudes } from './testing/hostile-attitudes.js';
import { startWatchedServer, type WatchedServer } from './testing/watched-server.js';

const INSTALLATION = 'hostile-test';
const ATTACK_MS = 4_000;
/** How late the other cluster may be seen: a second is ordinary, and the attacker runs in this very process. */
const LATE_MS = 10_000;
const MOST_GROWTH_MIB = 768;

const foreign = { jobId: '', kubernetesUid: 'uid-of-ours', installation: INSTALLATION, clusterIds: [] as string[] };
const names = Object.keys(hostileAttitudes(foreign));

describe('a hostile cluster', () => {
  let watched: WatchedServer;
  let ours: TestCluster;
  let jobId: string;

  beforeAll(async () => {
    watched = await startWatchedServer(INSTALLATION);
    const { server, database } = watched;
    server.show('ours', { systemUid: 'uid-ours', behave: keepJobs });
    ours = await watched.register('ours');
    jobId = await insertPlacedJob(database, ours, aJobSpec({ name: 'ours' }));
    await recordAll(database, jobId, [
      { type: 'ARMED', kubernetesUid: foreign.kubernetesUid, placement: placementIn(ours) },
      { type: 'INTENT_APPLIED', intent: 1, released: true, resourceVersion: '4' },
    ]);
  });
  afterAll(() => watched.stop());

  /** The honest cluster still has the job's Kubernetes Job. */
  const keepJobs: NonNullable<FaceOfCluster['behave']> = ({ path, kind, isWatch }, response) => {
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
    watched.server.setPods(pods);
    const isSeen = async () =>
      (await watched.query('SELECT room FROM instance_types WHERE cluster_id = $1', ours.id))[0]?.room === pods;
    await waitFor(isSeen, { timeoutMs: 30_000, what: 'the other cluster to be seen' });
    return performance.now() - startMs;
  };

  const stateOf = async () =>
    (await watched.query('SELECT state, live_pods, running_count, failed_count FROM jobs WHERE id = $1', jobId))[0];

  it('is preceded by an honest one that is watched', async () => {
    await seenAfterMs();
    expect(await stateOf()).toMatchObject({ state: { phase: 'ARMED' }, live_pods: 0 });
  });

  it.each(names)('with %s takes nothing from another cluster, and memory without end neither', async (name) => {
    const before = await stateOf();
    const token = `hostile-${names.indexOf(name)}`;
    watched.server.show(token, { systemUid: `uid-${token}` });
    const hostile = await watched.register(token);
    const attitude = hostileAttitudes({ ...foreign, jobId, clusterIds: [hostile.id, ours.id] })[name];
    watched.server.show(token, { systemUid: `uid-${token}`, ...(attitude && { behave: attitude }) });
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
      requests: watched.server.requests(token),
      'latest sight of the other cluster, ms': Math.round(Math.max(...seen)),
      'longest stall of the process, ms': Math.round(delay.max / 1e6),
      'memory above the start, MiB': Math.round(mostMib - startMib),
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    expect(watched.server.requests(token)).toBeGreaterThan(3);
    expect(Math.max(...seen)).toBeLessThan(LATE_MS);
    expect(mostMib - startMib).toBeLessThan(MOST_GROWTH_MIB);
    expect(await stateOf()).toEqual(before);
    await watched.query('UPDATE clusters SET removed_at = now() WHERE id = $1', hostile.id);
    const isLetGo = async () =>
      (await watched.query('SELECT 1 FROM cluster_leases WHERE cluster_id = $1 AND expires_at > now()', hostile.id))
        .length === 0;
    await waitFor(isLetGo, { timeoutMs: 10_000, what: 'the hostile cluster to be let go' });
  });
});
