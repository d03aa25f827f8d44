import { waitFor } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDispatchQueue, type DispatchQueue } from './queues.js';
import { startBreakableRedis, type BreakableRedis } from './testing/breakable-redis.js';

describe('the dispatch queue', () => {
  let redis: BreakableRedis;
  let queue: DispatchQueue;

  beforeEach(async () => {
    redis = await startBreakableRedis();
    queue = createDispatchQueue({ ...redis, redis: await redis.connectReady('queue') });
  });

  afterEach(async () => {
    await queue.close();
    await redis.close();
  });

  it('holds a hint once, and one of a newer version besides', async () => {
    await queue.hint({ jobId: 'job_1', version: 1 });
    const more = [1, 2].map((version) => ({ jobId: 'job_1', version }));
    expect(await queue.hintMany([...more, { jobId: 'job_2', version: 1 }])).toBe(true);
    expect(await queue.waitingCount()).toBe(3);
  });

  it.each(['stall', 'refuse'] as const)('tells within two seconds that Redis took no hint: %s', async (mode) => {
    redis.proxy.mode = mode;
    if (mode === 'refuse') redis.proxy.resetAll();
    const startedMs = performance.now();
    expect(await queue.hint({ jobId: 'job_1', version: 1 })).toBe(false);
    await expect(queue.waitingCount()).rejects.toThrow(Error);
    expect(performance.now() - startedMs).toBeLessThan(2_500);
  });

  it('goes on when Redis is back', async () => {
    redis.proxy.mode = 'refuse';
    redis.proxy.resetAll();
    expect(await queue.hint({ jobId: 'job_1', version: 1 })).toBe(false);
    redis.proxy.mode = 'pass';
    await waitFor(() => queue.hint({ jobId: 'job_2', version: 1 }), { timeoutMs: 5_000, what: 'a hint to be taken' });
  });

  it('can be made before Redis is there', async () => {
    redis.proxy.mode = 'refuse';
    const early = createDispatchQueue({ ...redis, redis: redis.connect('queue') });
    expect(await early.hint({ jobId: 'job_1', version: 1 })).toBe(false);
    redis.proxy.mode = 'pass';
    await waitFor(() => early.hint({ jobId: 'job_2', version: 1 }), { timeoutMs: 5_000, what: 'a hint to be taken' });
    await early.close();
  });
});
