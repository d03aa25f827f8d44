import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@ccluster/testkit';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDispatchWorker, type DispatchWorker } from './dispatch-worker.js';
import { createDispatchQueue, dispatchHints, type DispatchHint, type DispatchQueue } from './queues.js';
import { startBreakableRedis, type BreakableRedis } from './testing/breakable-redis.js';

type Handle = (hint: DispatchHint, signal: AbortSignal) => Promise<void>;

let redis: BreakableRedis;
let queue: DispatchQueue;
const workers: DispatchWorker[] = [];
const handled: DispatchHint[] = [];

beforeEach(async () => {
  handled.length = 0;
  redis = await startBreakableRedis();
  queue = createDispatchQueue({ ...redis, redis: await redis.connectReady('queue') });
});

afterEach(async () => {
  redis.proxy.mode = 'pass';
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await queue.close();
  await redis.close();
});

describe('the dispatch queue', () => {
  it('carries hints to a worker, and nothing stays of them', async () => {
    expect(await queue.hintMany([aHint('job_1'), aHint('job_2')])).toBe(true);
    expect(await queue.waitingCount()).toBe(2);
    startWorker();
    await handledCount(2);
    expect(handled).toEqual([aHint('job_1'), aHint('job_2')]);
    await waitFor(async () => (await keysLeft()).length === 0, { timeoutMs: 5_000, what: 'no job keys' });
  });

  it('holds a hint once, but one of a newer version besides', async () => {
    await queue.hint(aHint('job_1', 1));
    await queue.hintMany([aHint('job_1', 1), aHint('job_1', 2), aHint('job_2', 1)]);
    expect(await queue.waitingCount()).toBe(3);
  });

  it('takes the same hint again once it was handled', async () => {
    startWorker();
    await queue.hint(aHint('job_1'));
    await handledCount(1);
    await waitFor(async () => (await queue.hint(aHint('job_1'))) && handled.length > 1, {
      timeoutMs: 5_000,
      what: 'the second hint',
    });
  });

  it('says within two seconds that Redis did not take a hint, and goes on by itself', async () => {
    redis.proxy.mode = 'stall';
    expect(await timed(() => queue.hint(aHint('job_1')))).toEqual([false, expect.toBeOneOf(upTo(2_000))]);
    redis.proxy.mode = 'refuse';
    redis.proxy.resetAll();
    expect(await timed(() => queue.hint(aHint('job_1')))).toEqual([false, expect.toBeOneOf(upTo(2_000))]);
    redis.proxy.mode = 'pass';
    await waitFor(() => queue.hint(aHint('job_2')), { timeoutMs: 5_000, what: 'Redis' });
  });
});
