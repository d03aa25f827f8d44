import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  clusters,
  createSealer,
  decodeLogChunk,
  jobEvents,
  jobs,
  listPodsOfJob,
  logChunks,
  openDatabase,
  type Database,
} from '@ccluster/db';
import { SecretText, type JobSpec } from '@ccluster/domain';
import { connectCluster, parseKubeconfig, readClusterIdentity, type ClusterConnection } from '@ccluster/kubernetes';
import { createLogger, sleep, type Loop } from '@ccluster/runtime';
import { aJobSpec, createTestDatabase, readTestEnvironment, waitFor, type TestDatabase } from '@ccluster/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { insertCluster, insertPlacedJob, newTestId, recordAll, type TestClusterRow } from './testing/armed-job.js';
import { ensureNamespace, postTestJob, testInstallation, type TestJob } from './testing/test-job.js';
import { startWatchingClusters } from './watch-clusters.js';

const log = createLogger('watcher-test');
log.level = process.env['TEST_LOG_LEVEL'] ?? 'silent';
const installation = testInstallation();
const sealer = createSealer(randomBytes(32));
const posted: TestJob[] = [];
const watching: Loop[] = [];
let testDatabase: TestDatabase;
let database: Database;
let admin: ClusterConnection;
let cluster: TestClusterRow;

beforeAll(async () => {
  const [target] = readTestEnvironment().clusters;
  if (target === undefined) throw new Error('The test environment has no cluster');
  testDatabase = await createTestDatabase();
  database = openDatabase({
    url: testDatabase.url,
    maxConnections: 12,
    applicationName: 'test',
    onIdleError: () => {},
  });
  admin = connectCluster(parseKubeconfig(readFileSync(target.kubeconfig, 'utf8')), { requestTimeoutMs: 10_000 });
  const { systemUid } = await readClusterIdentity(admin);
  const id = newTestId('cl');
  const credentials = parseKubeconfig(readFileSync(target.watcherKubeconfig, 'utf8'));
  const readerCredentials = sealer.seal(new SecretText(JSON.stringify(credentials)), `clusters:${id}:reader`);
  cluster = await insertCluster(database, { id, systemUid, readerCredentials });
  await ensureNamespace(admin, cluster.namespace);
});

afterEach(async () => {
  await Promise.all(watching.splice(0).map((each) => each.stop()));
});

afterAll(async () => {
  await Promise.all(posted.map((job) => job.delete()));
  await admin.close();
  await database.close();
  await testDatabase.drop();
});

function watch(watcherName: string, logDrainMs = 30_000): Loop {
  const loop = startWatchingClusters({
    database,
    sealer,
    watcherName,
    installation,
    graces: { imagePullRefusedMs: 3_000, imagePullMs: 60_000, startErrorMs: 3_000 },
    logDrainMs,
    logLimitBytes: 1024 * 1024,
    wakeUp: { wait: (timeoutMs, signal) => sleep(Math.min(timeoutMs, 500), signal), close: () => {} },
    announcer: { change: () => {}, logs: () => {}, capacity: () => {} },
    nowMs: () => performance.now(),
    log,
  });
  watching.push(loop);
  return loop;
}

/** Posts, arms and releases, as the dispatcher does. */
async function startJob(overrides: Partial<JobSpec>): Promise<{ readonly id: string; readonly job: TestJob }> {
  const { image } = readTestEnvironment();
  const spec = aJobSpec({
    imageUrl: image.url,
    imageTag: image.tag,
    name: `t${randomBytes(4).toString('hex')}`,
    ...overrides,
  });
  const id = await insertPlacedJob(database, cluster, spec);
  const job = await postTestJob(admin, { installation, clusterId: cluster.id, namespace: cluster.namespace }, id, spec);
  posted.push(job);
  await recordAll(database, id, [{ type: 'ARMED', kubernetesUid: job.uid }]);
  const resourceVersion = await job.setSuspend(false, 1);
  await recordAll(database, id, [{ type: 'INTENT_APPLIED', intent: 1, released: true, resourceVersion }]);
  return { id, job };
}

async function getJob(id: string) {
  const row = (await database.db.select().from(jobs)).find((each) => each.id === id);
  if (row === undefined) throw new Error('The job has no row');
  return row;
}

function untilStatus(id: string, status: string, timeoutMs = 40_000) {
  const find = async () => {
    const row = await getJob(id);
    return row.status === status ? row : undefined;
  };
  return waitFor(find, { timeoutMs, what: `the job to be ${status}` });
}

/** By "index/attempt": its lines in the order stored; a gap as its code. */
async function linesOf(id: string): Promise<Record<string, string[]>> {
  const names = new Map((await listPodsOfJob(database.db, id)).map((pod) => [pod.id, `${pod.index}/${pod.attempt}`]));
  const lines: Record<string, string[]> = {};
  const chunks = (await database.db.select().from(logChunks)).filter((chunk) => chunk.jobId === id);
  for (const chunk of chunks.toSorted((left, right) => left.id - right.id)) {
    const known = (lines[names.get(chunk.podId) ?? '?'] ??= []);
    expect(chunk.firstNumber).toBe(known.length + 1);
    known.push(
      ...decodeLogChunk(chunk.body).map((record) => (record.kind === 'gap' ? record.code : record.bytes.toString())),
    );
  }
  return lines;
}

async function eventsOf(id: string) {
  const events = (await database.db.select().from(jobEvents)).filter((event) => event.jobId === id);
  return events.toSorted((left, right) => left.sequence - right.sequence);
}

describe('a job in a real cluster', () => {
  it('is recorded from its start to its end: tasks, attempts, exit codes, logs and events', async () => {
    watch('first');
    const script = 'echo "index $JOB_COMPLETION_INDEX"; echo end; exit $JOB_COMPLETION_INDEX';
    const { id } = await startJob({ completions: 2, parallelism: 2, backoffLimit: 0, argv: ['/bin/sh', '-c', script] });
    const row = await untilStatus(id, 'FAILED');
    expect(row).toMatchObject({ succeededCount: 1, failedCount: 1, runningCount: 0, pendingCount: 0, livePods: 0 });
    expect(row.state.reason).toMatchObject({
      code: 'BACKOFF_LIMIT_EXCEEDED',
      message: expect.stringContaining('Exit code 1'),
    });
    const pods = (await listPodsOfJob(database.db, id)).toSorted((left, right) => left.index - right.index);
    expect(
      pods.map(({ status, exitCode, logComplete, attempt }) => ({ status, exitCode, logComplete, attempt })),
    ).toEqual([
      { status: 'SUCCEEDED', exitCode: 0, logComplete: true, attempt: 1 },
      { status: 'FAILED', exitCode: 1, logComplete: true, attempt: 1 },
    ]);
    await expect(linesOf(id)).resolves.toEqual({ '0/1': ['index 0', 'end'], '1/1': ['index 1', 'end'] });
    const events = await eventsOf(id);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'FINISHED', status: 'FAILED' });
  });

  it('is told as SUSPENDED only when no pod is left, and runs again after it is resumed', async () => {
    watch('first');
    const { id, job } = await startJob({ argv: ['/bin/sh', '-c', 'echo up; trap "exit 0" TERM; sleep 60 & wait'] });
    await untilStatus(id, 'RUNNING');
    await recordAll(database, id, [{ type: 'SUSPEND_REQUESTED', by: 'test' }]);
    const resourceVersion = await job.setSuspend(true, 2);
    await recordAll(database, id, [{ type: 'INTENT_APPLIED', intent: 2, released: true, resourceVersion }]);
    await untilStatus(id, 'SUSPENDED');
    const pods = await listPodsOfJob(database.db, id);
    expect(pods.map((pod) => pod.status)).not.toContain('RUNNING');
    await recordAll(database, id, [{ type: 'CANCEL_REQUESTED', by: 'test', reason: null }]);
    await untilStatus(id, 'CANCELLED');
  });

  it('fails as KUBERNETES_JOB_GONE when somebody else removes it', async () => {
    watch('first');
    const { id, job } = await startJob({ argv: ['/bin/sh', '-c', 'echo up; exec sleep 60'] });
    await untilStatus(id, 'RUNNING');
    await job.delete();
    posted.splice(posted.indexOf(job), 1);
    const row = await untilStatus(id, 'FAILED');
    expect(row.state.reason?.code).toBe('KUBERNETES_JOB_GONE');
    expect((await listPodsOfJob(database.db, id)).map((pod) => pod.status)).not.toContain('RUNNING');
  });

  it('is given up when the registry has refused for the grace time', async () => {
    watch('first');
    const { id } = await startJob({ imageTag: 'no-such-tag' });
    const row = await untilStatus(id, 'FINISHING');
    expect(row.state.reason).toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: expect.stringContaining('not found'),
    });
  });

  it('goes on where it was after its watcher has died, with every line once', async () => {
    const first = watch('first');
    const script = 'i=0; while [ $i -lt 400 ]; do echo "line $i"; i=$((i+1)); [ $((i % 20)) = 0 ] && sleep 0.5; done';
    const { id } = await startJob({ argv: ['/bin/sh', '-c', script] });
    await untilStatus(id, 'RUNNING');
    await waitFor(async () => ((await linesOf(id))['0/1']?.length ?? 0) > 50, {
      timeoutMs: 20_000,
      what: 'some lines',
    });
    await first.stop();
    await sleep(2_000);
    watch('second');
    await untilStatus(id, 'SUCCEEDED');
    await expect(linesOf(id)).resolves.toEqual({ '0/1': Array.from({ length: 400 }, (_, i) => `line ${i}`) });
  });

  it('has room counted for it', async () => {
    watch('first');
    const room = () =>
      database.db.select({ lastSeenAt: clusters.lastSeenAt, capacity: clusters.capacity }).from(clusters);
    const row = await waitFor(async () => (await room()).find((each) => each.lastSeenAt !== null), {
      timeoutMs: 10_000,
      what: 'the cluster to be seen',
    });
    expect(row.capacity).toEqual([]);
  });
});
