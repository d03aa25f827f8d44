import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWakeUpPublisher, type PublishWakeUp } from './publish-wake-up.js';
import { startBreakableRedis, type BreakableRedis } from './testing/breakable-redis.js';
import { EVERYTHING, topics } from './topics.js';
import { createWakeUps, type WakeUps } from './wake-ups.js';

const never = new AbortController().signal;

let redis: BreakableRedis;
let publish: PublishWakeUp;
let wakeUps: WakeUps;

beforeEach(async () => {
  redis = await startBreakableRedis();
  publish = createWakeUpPublisher({ ...redis, redis: await redis.connectReady('queue') });
  wakeUps = createWakeUps({ ...redis, redis: await redis.connectReady('subscriber') });
});

afterEach(async () => {
  wakeUps.close();
  await redis.close();
});

describe('wake-ups', () => {
  it('reach who listens to the key, and nobody else', async () => {
    const [one, other] = [await listenTo('job_1'), await listenTo('job_2')];
    await publish(topics.job, { jobId: 'job_1', seq: 3 });
    await waitFor(() => one.length > 0, { timeoutMs: 2_000, what: 'the wake-up' });
    expect(one).toEqual([{ jobId: 'job_1', seq: 3 }]);
    expect(other).toEqual([]);
  });

  it('take one subscription a channel, as long as anybody listens', async () => {
    const first = wakeUps.subscribe(topics.job, 'job_1', () => undefined);
    const second = wakeUps.subscribe(topics.job, 'job_1', () => undefined);
    await waitFor(async () => (await subscriberCount('job_1')) === 1, { timeoutMs: 2_000, what: 'the subscription' });
    first();
    first();
    expect(await subscriberCount('job_1')).toBe(1);
    second();
    await waitFor(async () => (await subscriberCount('job_1')) === 0, { timeoutMs: 2_000, what: 'its end' });
  });

  it('between a read and the wait are not lost, and many are one', async () => {
    const signal = wakeUps.open([topics.job, 'job_1'], [topics.clusters, EVERYTHING]);
    await signal.wait(2_000, never);
    await publish(topics.job, { jobId: 'job_1', seq: 1 });
    await publish(topics.clusters, { clusterId: 'cl_1' });
    await sleep(50);
    expect(await waited(() => signal.wait(5_000, never))).toBeLessThan(1_000);
    expect(await waited(() => signal.wait(200, never))).toBeGreaterThan(150);
    signal.close();
  });

  it('end a wait at once, and so does an abort', async () => {
    const signal = wakeUps.open([topics.logs, 'job_1']);
    await signal.wait(2_000, never);
    const woken = waited(() => signal.wait(5_000, never));
    await publish(topics.logs, { jobId: 'job_1' });
    expect(await woken).toBeLessThan(1_000);
    expect(await waited(() => signal.wait(5_000, AbortSignal.timeout(50)))).toBeLessThan(1_000);
    signal.close();
  });
});

describe('wake-ups in trouble', () => {
  it('come again after Redis was away, and the loss itself wakes', async () => {
    const listened = await listenTo('job_1');
    redis.proxy.resetAll();
    await waitFor(() => listened.length > 0, { timeoutMs: 5_000, what: 'a wake-up by the reconnect' });
    expect(listened).toEqual([undefined]);
    await waitFor(() => publish(topics.job, { jobId: 'job_1', seq: 4 }), { timeoutMs: 5_000, what: 'the publisher' });
    await waitFor(() => listened.length > 1, { timeoutMs: 2_000, what: 'the wake-up' });
    expect(listened[1]).toEqual({ jobId: 'job_1', seq: 4 });
  });

  it('are listened to from before Redis is there', async () => {
    redis.proxy.mode = 'refuse';
    const early = createWakeUps({ ...redis, redis: redis.connect('subscriber') });
    const signal = early.open([topics.job, 'job_1']);
    await sleep(100);
    redis.proxy.mode = 'pass';
    expect(await waited(() => signal.wait(10_000, never))).toBeLessThan(5_000);
    early.close();
  });

  it.each(['stall', 'refuse'] as const)('tells within two seconds that none was published: %s', async (mode) => {
    redis.proxy.mode = mode;
    if (mode === 'refuse') redis.proxy.resetAll();
    const startedMs = performance.now();
    expect(await publish(topics.clusters, { clusterId: 'cl_1' })).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it('that cannot be read still wake', async () => {
    const listened = await listenTo('job_1');
    await (await redis.connectReady('queue')).publish(`${redis.prefix}:wake:job:job_1`, '{"jobId":7}');
    await waitFor(() => listened.length > 0, { timeoutMs: 2_000, what: 'the wake-up' });
    expect(listened).toEqual([undefined]);
  });
});

/** What the listener was called with once it is subscribed. */
async function listenTo(jobId: string): Promise<unknown[]> {
  const calls: unknown[] = [];
  wakeUps.subscribe(topics.job, jobId, (payload) => calls.push(payload));
  await waitFor(() => calls.length > 0, { timeoutMs: 2_000, what: 'the subscription' });
  calls.length = 0;
  return calls;
}

async function subscriberCount(jobId: string): Promise<unknown> {
  const direct = await redis.connectReady('queue');
  const [, count] = await direct.pubsub('NUMSUB', `${redis.prefix}:wake:job:${jobId}`);
  return count;
}

async function waited(wait: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await wait();
  return performance.now() - startedMs;
}
