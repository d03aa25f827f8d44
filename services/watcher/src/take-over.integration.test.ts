import { listPodsOfJob } from '@ccluster/db';
import { KUBERNETES_KEYS } from '@ccluster/domain';
import { sleep } from '@ccluster/runtime';
import { waitFor } from '@ccluster/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseReasonTable } from './observe/parse-reason-rules.js';
import { recordAll, type TestCluster } from './testing/armed-job.js';
import { WatchedWorld } from './testing/watched-world.js';

let world: WatchedWorld;
let cluster: TestCluster;

beforeAll(async () => {
  world = await WatchedWorld.open();
  cluster = await world.register();
});
afterEach(async () => {
  world.proxy.mode = 'pass';
  await world.stopWatching();
});
afterAll(() => world.close());

describe('a watcher that takes over', () => {
  it('states an attempt that came and went while nobody watched', async () => {
    const script = 'echo up; [ $JOB_COMPLETION_INDEX = 1 ] && sleep 3 && exit 1; sleep 60';
    const tasks = { completions: 2, parallelism: 2, backoffLimit: 0, argv: ['/bin/sh', '-c', script] };
    const { id } = await world.startJob(cluster, tasks);
    const left = async () => {
      const { items } = await world.admin.core.listNamespacedPod({
        namespace: cluster.namespace,
        labelSelector: `${KUBERNETES_KEYS.jobId}=${id}`,
      });
      return items.map((pod) => pod.status?.phase);
    };
    // The job controller ends and removes what still runs of a job that has failed.
    const onlyTheFailed = async () => (await left()).join() === 'Failed';
    await waitFor(onlyTheFailed, { timeoutMs: 40_000, what: 'the other pod to be removed' });
    world.watch('first');
    expect(await world.untilStatus(id, 'FAILED')).toMatchObject({ failedCount: 1, cancelledCount: 1 });
    const pods = (await listPodsOfJob(world.database.db, id)).toSorted((one, other) => one.index - other.index);
    expect(pods).toMatchObject([
      { index: 0, attempt: 1, status: 'LOST', reason: { code: 'POD_GONE' }, logComplete: true },
      { index: 1, attempt: 1, status: 'FAILED', exitCode: 1, logComplete: true },
    ]);
    await expect(world.linesOf(id)).resolves.toEqual({ '0/1': ['LOG_UNAVAILABLE'], '1/1': ['up'] });
  });

  it('counts a grace from where it began', async () => {
    const graceSeconds = 20;
    const rules = { default: { 'image-pull-refused': { failsAfterSeconds: graceSeconds } } };
    const reasons = parseReasonTable(JSON.stringify(rules));
    const first = world.watch('first', { reasons });
    const { id } = await world.startJob(cluster, { imageTag: 'no-such-tag' });
    const find = async () => {
      const { reason } = (await world.getJob(id)).state;
      return reason?.code === 'IMAGE_PULL_RETRYING' ? reason : undefined;
    };
    const reason = await waitFor(find, { timeoutMs: 40_000, what: 'the refusal' });
    await sleep((graceSeconds * 1_000) / 2);
    await first.stop();
    world.watch('second', { reasons });
    await world.untilStatus(id, 'FINISHING', graceSeconds * 1_000);
    const ended = (await world.eventsOf(id)).find((event) => event.status === 'FINISHING');
    const secondsHeld = ((ended?.at.getTime() ?? 0) - Date.parse(reason.since)) / 1_000;
    expect(secondsHeld).toBeGreaterThanOrEqual(graceSeconds);
    expect(secondsHeld).toBeLessThan(graceSeconds * 1.4);
  }, 90_000);

  it.each(['pass', 'refuse'] as const)(
    'gives logs up in time, counted from the end of the job, with connections to the cluster: %s',
    async (mode) => {
      const logDrainMs = 12_000;
      const first = world.watch('first', { logDrainMs });
      const { id, job } = await world.startJob(cluster, { argv: ['/bin/sh', '-c', 'echo up; sleep 60'] });
      await waitFor(async () => (await world.linesOf(id))['0/1'] !== undefined, { timeoutMs: 40_000, what: 'a line' });
      await first.stop();
      world.proxy.mode = mode;
      // Its pod runs on, so its log cannot come to its end.
      await recordAll(world.database, id, [
        { type: 'KUBERNETES_JOB_GONE', kubernetesUid: job.uid, message: 'Removed by a test' },
      ]);
      const second = world.watch('second', { logDrainMs });
      await sleep(logDrainMs / 2);
      await second.stop();
      world.watch('third', { logDrainMs });
      await world.untilStatus(id, 'FAILED', logDrainMs);
      const [ended, finished] = (await world.eventsOf(id)).filter((event) => event.podId === null).slice(-2);
      const drainedMs = (finished?.at.getTime() ?? 0) - (ended?.at.getTime() ?? 0);
      expect(drainedMs).toBeGreaterThanOrEqual(logDrainMs);
      expect(drainedMs).toBeLessThan(logDrainMs * 1.4);
      await expect(world.linesOf(id)).resolves.toEqual({ '0/1': ['up', 'LOG_UNAVAILABLE'] });
    },
    90_000,
  );
});
