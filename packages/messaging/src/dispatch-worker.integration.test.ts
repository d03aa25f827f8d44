import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@ccluster/testkit';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startDispatchWorker, type DispatchWorker, type DispatchWorkerOptions } from './dispatch-worker.js';
import { createDispatchQueue, dispatchHints, type DispatchHint, type DispatchQueue } from './queues.js';
import { startBreakableRedis, type BreakableRedis } from './testing/breakable-redis.js';

const hint = { jobId: 'job_1', version: 1 };

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

describe('a dispatch worker', () => {
  it('takes the hints in their order, and leaves nothing of them', async () => {
    await queue.hintMany([hint, { jobId: 'job_2', version: 7 }]);
    const handled = startCollecting();
    await count(handled, 2);
    expect(handled).toEqual([hint, { jobId: 'job_2', version: 7 }]);
    await waitFor(async () => (await storedHints()) === 0, { timeoutMs: 5_000, what: 'the hints to be gone' });
  });

  it('takes a hint again once it was handled', async () => {
    const handled = startCollecting();
    await queue.hint(hint);
    await count(handled, 1);
    await queue.hint(hint);
    await count(handled, 2);
    expect(handled).toEqual([hint, hint]);
  });

  it('takes a hint once more that comes again while it is being handled, however often', async () => {
    const handled: DispatchHint[] = [];
    const firstEnds = Promise.withResolvers<void>();
    startWorker(async (taken) => {
      handled.push(taken);
      if (handled.length === 1) await firstEnds.promise;
    });
    await queue.hint(hint);
    await count(handled, 1);
    await queue.hintMany([hint, hint, hint]);
    firstEnds.resolve();
    await count(handled, 2);
    await waitFor(async () => (await storedHints()) === 0, { timeoutMs: 5_000, what: 'the hints to be gone' });
    expect(handled).toEqual([hint, hint]);
  });

  it('forgets a hint whose handling fails, and one that is none', async () => {
    const raw = new Queue(dispatchHints.name, { connection: await redis.connectReady('queue'), prefix: redis.prefix });
    await raw.add('dispatch', { jobId: 'job_1', version: 1, secret: 'x' }, { removeOnComplete: true });
    const handled: DispatchHint[] = [];
    startWorker(async (taken) => {
      handled.push(taken);
      throw new Error('refused');
    });
    await queue.hint({ jobId: 'job_2', version: 1 });
    await count(handled, 1);
    await waitFor(async () => (await storedHints()) === 0, { timeoutMs: 5_000, what: 'the hints to be gone' });
    expect(handled).toEqual([{ jobId: 'job_2', version: 1 }]);
    await raw.close();
  });

  it('handles as many at once as it may', async () => {
    let running = 0;
    let most = 0;
    const ended: number[] = [];
    await queue.hintMany(Array.from({ length: 12 }, (_, version) => ({ jobId: 'job_1', version })));
    startWorker(async ({ version }) => {
      most = Math.max(most, (running += 1));
      await sleep(20);
      running -= 1;
      ended.push(version);
    }, 4);
    await count(ended, 12);
    expect(most).toBe(4);
  });
});

describe('a dispatch worker in trouble', () => {
  it.each(['resets', 'a stall', 'a refusal'])('goes on by itself after %s', async (fault) => {
    const handled = startCollecting();
    await queue.hint(hint);
    await count(handled, 1);
    if (fault !== 'resets') redis.proxy.mode = fault === 'a stall' ? 'stall' : 'refuse';
    if (fault !== 'a stall') redis.proxy.resetAll();
    await sleep(1_500);
    redis.proxy.mode = 'pass';
    const next = { jobId: 'job_2', version: 1 };
    await waitFor(() => queue.hint(next), { timeoutMs: 8_000, what: 'the queue to be back' });
    await count(handled, 2);
    expect(handled[1]).toEqual(next);
  });

  it('aborts and waits for what it handles when it stops, and takes nothing more', async () => {
    const events: string[] = [];
    const worker = startWorker(async (_, signal) => {
      events.push('started');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await sleep(50);
      events.push('ended');
    });
    await queue.hint(hint);
    await count(events, 1);
    await queue.hint({ jobId: 'job_2', version: 1 });
    await Promise.all([worker.stop(), worker.stop()]);
    expect(events).toEqual(['started', 'ended']);
    expect(await queue.waitingCount()).toBe(1);
  });

  it.each(['stall', 'refuse'] as const)('stops within three seconds while Redis is away: %s', async (mode) => {
    const handled: string[] = [];
    const worker = startWorker(async (_, signal) => {
      handled.push('started');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await queue.hint(hint);
    await count(handled, 1);
    redis.proxy.mode = mode;
    if (mode === 'refuse') redis.proxy.resetAll();
    const startedMs = performance.now();
    await worker.stop();
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });
});

function startWorker(handle: DispatchWorkerOptions['handle'], concurrency = 1): DispatchWorker {
  const worker = startDispatchWorker({ ...redis, redis: redis.connect('worker'), concurrency, handle });
  onTestFinished(() => worker.stop());
  return worker;
}

function startCollecting(): DispatchHint[] {
  const handled: DispatchHint[] = [];
  startWorker(async (taken) => void handled.push(taken));
  return handled;
}

async function count(list: readonly unknown[], length: number): Promise<void> {
  await waitFor(() => list.length >= length, { timeoutMs: 10_000, what: `${length} hints to be handled` });
}

/** Hints in any state, with their deduplication. */
async function storedHints(): Promise<number> {
  const direct = await redis.connectReady('queue');
  const keys = await direct.keys(`${redis.prefix}:*`);
  return keys.filter((key) => /:(de:.*|\d+|wait|active|completed|failed)$/.test(key)).length;
}
