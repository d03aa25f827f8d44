import { clusters, listPodsOfJob } from '@ccluster/db';
import { sleep } from '@ccluster/runtime';
import { waitFor } from '@ccluster/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordAll, type TestCluster } from './testing/armed-job.js';
import { WatchedWorld } from './testing/watched-world.js';

let world: WatchedWorld;
let cluster: TestCluster;

beforeAll(async () => {
  world = await WatchedWorld.open();
  cluster = await world.register();
});
afterEach(() => world.stopWatching());
afterAll(() => world.close());

const shell = (script: string) => ['/bin/sh', '-c', script];
const waitOrStop = shell('echo up; trap "exit 0" TERM; sleep 60 & wait');

/** Prints this many lines, twenty every 0.3 s. */
const manyLines = (count: number) =>
  shell(`i=0; while [ $i -lt ${count} ]; do echo "line $i"; i=$((i+1)); [ $((i % 20)) = 0 ] && sleep 0.3; done; true`);
const lineTexts = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`);

async function clusterRow() {
  const row = (await world.database.db.select().from(clusters)).find((each) => each.id === cluster.id);
  if (row === undefined) throw new Error('The cluster has no row');
  return row;
}

async function untilLines(id: string, count: number): Promise<void> {
  const has = async () => ((await world.linesOf(id))['0/1']?.length ?? 0) >= count;
  await waitFor(has, { timeoutMs: 30_000, what: `${count} lines` });
}

async function untilReason(id: string, code: string): Promise<void> {
  const has = async () => (await world.getJob(id)).state.reason?.code === code;
  await waitFor(has, { timeoutMs: 30_000, what: `the reason ${code}` });
}

describe('a job in a real cluster', () => {
  it('is recorded from its start to its end: tasks, attempts, exit codes, logs and events', async () => {
    world.watch('first');
    const argv = shell('echo "index $JOB_COMPLETION_INDEX"; echo end; exit $JOB_COMPLETION_INDEX');
    const { id } = await world.startJob(cluster, { completions: 2, parallelism: 2, argv });
    const row = await world.untilStatus(id, 'FAILED');
    expect(row).toMatchObject({ succeededCount: 1, failedCount: 1, runningCount: 0, pendingCount: 0, livePods: 0 });
    const message = expect.stringContaining('Exit code 1');
    expect(row.state.reason).toMatchObject({ code: 'BACKOFF_LIMIT_EXCEEDED', message });
    const pods = (await listPodsOfJob(world.database.db, id)).toSorted((left, right) => left.index - right.index);
    expect(pods).toMatchObject([
      { index: 0, status: 'SUCCEEDED', exitCode: 0, logComplete: true, attempt: 1 },
      { index: 1, status: 'FAILED', exitCode: 1, logComplete: true, attempt: 1 },
    ]);
    await expect(world.linesOf(id)).resolves.toEqual({ '0/1': ['index 0', 'end'], '1/1': ['index 1', 'end'] });
    const events = await world.eventsOf(id);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'FINISHED', status: 'FAILED' });
  });

  it('leaves no line in the database where logging is off', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { enableLogging: false, argv: shell('echo secret') });
    await world.untilStatus(id, 'SUCCEEDED');
    await expect(world.linesOf(id)).resolves.toEqual({});
  });

  it('is SUSPENDED only when no pod is left, runs again when it is resumed, and is CANCELLED', async () => {
    world.watch('first');
    const { id, job } = await world.startJob(cluster, { argv: waitOrStop });
    await world.untilStatus(id, 'RUNNING');
    await recordAll(world.database, id, [{ type: 'SUSPEND_REQUESTED', by: 'test' }]);
    await world.applyIntent(id, job, true, 2);
    await world.untilStatus(id, 'SUSPENDED');
    const stopped = await listPodsOfJob(world.database.db, id);
    expect(stopped).toMatchObject([{ status: 'SUCCEEDED', exitCode: 0, reason: { code: 'STOPPED' } }]);
    expect(await world.getJob(id)).toMatchObject({ succeededCount: 0, runningCount: 0, pendingCount: 1 });
    await recordAll(world.database, id, [{ type: 'RESUME_REQUESTED', by: 'test' }]);
    await world.applyIntent(id, job, false, 3);
    await world.untilStatus(id, 'RUNNING');
    await recordAll(world.database, id, [{ type: 'CANCEL_REQUESTED', by: 'test', reason: null }]);
    await world.applyIntent(id, job, true, 4);
    expect(await world.untilStatus(id, 'CANCELLED')).toMatchObject({ cancelledCount: 1, succeededCount: 0 });
    expect((await listPodsOfJob(world.database.db, id)).map((pod) => pod.attempt)).toEqual(
      expect.arrayContaining([1, 2]),
    );
  });
});

describe('a job that ends badly', () => {
  it('fails as KUBERNETES_JOB_GONE when somebody else removes it', async () => {
    world.watch('first');
    const { id, job } = await world.startJob(cluster, { argv: waitOrStop });
    await world.untilStatus(id, 'RUNNING');
    await job.delete();
    expect((await world.untilStatus(id, 'FAILED')).state.reason?.code).toBe('KUBERNETES_JOB_GONE');
    expect((await listPodsOfJob(world.database.db, id)).map((pod) => pod.status)).not.toContain('RUNNING');
  });

  it('says why it cannot start, and is given up when the registry has refused for the grace time', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { imageTag: 'no-such-tag' });
    await untilReason(id, 'IMAGE_PULL_RETRYING');
    const row = await world.untilStatus(id, 'FINISHING');
    const message = expect.stringContaining('not found');
    expect(row.state.reason).toMatchObject({ code: 'IMAGE_PULL_FAILED', message });
  });

  it('fails as CONTAINER_START_FAILED where its command is not there', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { argv: ['/no/such/program'] });
    const row = await world.untilStatus(id, 'FAILED');
    const message = expect.stringContaining('/no/such/program');
    expect(row.state.reason).toMatchObject({ code: 'CONTAINER_START_FAILED', message });
    await expect(listPodsOfJob(world.database.db, id)).resolves.toMatchObject([{ logComplete: true, exitCode: 128 }]);
  });
});

describe('a watcher', () => {
  it('that is taken over while it still runs records nothing more, and every line is there once', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { argv: manyLines(300) });
    await untilLines(id, 50);
    world.watch('second');
    // As if the first had stalled: its lease runs out, and it does not know.
    const expired = `UPDATE cluster_leases SET expires_at = now() WHERE holder = 'first'`;
    const isTaken = async () => (await world.database.pool.query(expired)).rowCount === 0;
    await waitFor(isTaken, { timeoutMs: 10_000, what: 'the second to take over' });
    await world.untilStatus(id, 'SUCCEEDED');
    await expect(world.linesOf(id)).resolves.toEqual({ '0/1': lineTexts(300) });
  });

  it('that was stopped is followed by another, which goes on where it was', async () => {
    const first = world.watch('first');
    const { id } = await world.startJob(cluster, { argv: manyLines(200) });
    await untilLines(id, 20);
    await first.stop();
    await sleep(1_500);
    world.watch('second');
    await world.untilStatus(id, 'SUCCEEDED');
    await expect(world.linesOf(id)).resolves.toEqual({ '0/1': lineTexts(200) });
  });

  it('keeps every line once, whatever breaks its connections', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { argv: manyLines(300) });
    for (let cut = 0; cut < 8; cut += 1) {
      await sleep(700);
      if (cut % 2 === 0) world.proxy.resetAll();
      else world.proxy.resetAfterBytes(1_000 + 137 * cut);
    }
    await world.untilStatus(id, 'SUCCEEDED');
    await expect(world.linesOf(id)).resolves.toEqual({ '0/1': lineTexts(300) });
  });
});

describe('a watcher of a cluster that is lost', () => {
  it('says of it, and of its jobs, that it cannot be reached, until it can', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { argv: manyLines(200) });
    await world.untilStatus(id, 'RUNNING');
    world.proxy.mode = 'refuse';
    world.proxy.resetAll();
    await untilReason(id, 'CLUSTER_UNREACHABLE');
    expect(await clusterRow()).toMatchObject({ unreachableSince: expect.any(Date) });
    world.proxy.mode = 'pass';
    const row = await world.untilStatus(id, 'SUCCEEDED');
    expect(row.state.reason).toBeNull();
    expect(await clusterRow()).toMatchObject({ unreachableSince: null, unreachableMessage: null });
    await expect(world.linesOf(id)).resolves.toEqual({ '0/1': lineTexts(200) });
  });

  it('concludes nothing from another cluster at the same address', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { argv: waitOrStop });
    await world.untilStatus(id, 'RUNNING');
    await world.stopWatching();
    const identity = (systemUid: string) =>
      world.database.pool.query('UPDATE clusters SET system_uid = $1 WHERE id = $2', [systemUid, cluster.id]);
    await identity('of-the-cluster-before');
    world.watch('second');
    await untilReason(id, 'CLUSTER_UNREACHABLE');
    expect((await clusterRow()).unreachableMessage).toContain('CLUSTER_MISMATCH');
    await identity(world.systemUid);
    await waitFor(async () => (await world.getJob(id)).state.reason === null, {
      timeoutMs: 30_000,
      what: 'its return',
    });
    expect((await world.getJob(id)).status).toBe('RUNNING');
  });
});
