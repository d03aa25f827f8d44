import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RateLimited } from '../../rate-limited.js';
import { createHoldRefusals } from './hold-refusals.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** When so many refusals that come together are let out, milliseconds. */
async function letOutMs(count: number): Promise<number[]> {
  const holdRefusals = createHoldRefusals();
  const outMs: number[] = [];
  let nowMs = 0;
  const refuse = () =>
    holdRefusals(() => Promise.reject(new RateLimited('Too much', 1))).catch(() => outMs.push(nowMs));
  const all = Promise.all(Array.from({ length: count }, refuse));
  for (; nowMs < 2_000; nowMs += 10) await vi.advanceTimersByTimeAsync(10);
  await all;
  return outMs;
}

it('lets those that were refused together go at different times, half a second to one and a half later', async () => {
  const outMs = await letOutMs(100);
  expect(Math.min(...outMs)).toBeGreaterThanOrEqual(490);
  expect(Math.max(...outMs)).toBeLessThanOrEqual(1_510);
  expect(new Set(outMs).size).toBeGreaterThan(30);
});

it('holds a thousand at most: more are refused at once', async () => {
  const outMs = await letOutMs(1_003);
  expect(outMs.filter((ms) => ms === 0)).toHaveLength(3);
});

it('holds nothing else', async () => {
  const holdRefusals = createHoldRefusals();
  await expect(holdRefusals(() => Promise.resolve('let in'))).resolves.toBe('let in');
  await expect(holdRefusals(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});
