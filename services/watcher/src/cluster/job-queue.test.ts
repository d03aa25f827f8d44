import { createLogger } from '@ccluster/runtime';
import { waitFor } from '@ccluster/testkit';
import { afterEach, expect, it } from 'vitest';
import { JobQueue } from './job-queue.js';

const log = createLogger('test');
log.level = 'silent';
const queues: JobQueue[] = [];

afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop()));
});

function newQueue(examine: (jobId: string) => Promise<number | undefined>): JobQueue {
  const queue = new JobQueue({ examine, log });
  queues.push(queue);
  return queue;
}

it('looks at a job once however often it is marked, and again where it is marked meanwhile', async () => {
  const seen: string[] = [];
  const gate = Promise.withResolvers<undefined>();
  const queue = newQueue((jobId) => {
    seen.push(jobId);
    return gate.promise;
  });
  queue.mark(['a', 'a', 'b']);
  queue.mark(['a']);
  expect(seen).toEqual([]);
  queue.start();
  expect(seen).toEqual(['a', 'b']);
  queue.mark(['a']);
  queue.mark(['a']);
  expect(seen).toEqual(['a', 'b']);
  gate.resolve(undefined);
  await waitFor(() => seen.length === 3, { timeoutMs: 1_000, what: 'the second look at a' });
  expect(seen).toEqual(['a', 'b', 'a']);
});

it('looks at four jobs at a time, in the order in which they were marked', async () => {
  const seen: string[] = [];
  const gates = new Map<string, () => void>();
  const queue = newQueue((jobId) => {
    seen.push(jobId);
    return new Promise((resolve) => gates.set(jobId, () => resolve(undefined)));
  });
  queue.start();
  queue.mark(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
  gates.get('c')?.();
  await waitFor(() => seen.length === 5, { timeoutMs: 1_000, what: 'the next look' });
  expect(seen.at(-1)).toBe('e');
  for (const jobId of ['a', 'b', 'd', 'e']) gates.get(jobId)?.();
  await waitFor(() => gates.has('f'), { timeoutMs: 1_000, what: 'the last look' });
  gates.get('f')?.();
});

it('looks again after the time that a look asks for, and after one that failed', async () => {
  let looks = 0;
  const queue = newQueue(async () => {
    looks += 1;
    if (looks === 2) throw new Error('away');
    return looks < 3 ? 1 : undefined;
  });
  queue.start();
  queue.mark(['a']);
  await waitFor(() => looks === 3, { timeoutMs: 2_000, what: 'the third look' });
  expect(looks).toBe(3);
});

it('waits for what is under way when it stops, and takes nothing up any more', async () => {
  let ended = false;
  const queue = newQueue(async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    ended = true;
    return 1;
  });
  queue.start();
  queue.mark(['a']);
  await queue.stop();
  expect(ended).toBe(true);
  ended = false;
  queue.mark(['b']);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(ended).toBe(false);
});
