import { expect, it } from 'vitest';
import { sleep } from './clock.js';

it('sleeps for as long as it is told', async () => {
  expect(await slept(sleep(60))).toBeGreaterThan(50);
});

it('wakes early, without an error, when aborted', async () => {
  expect(await slept(sleep(60_000, AbortSignal.timeout(20)))).toBeLessThan(5_000);
  expect(await slept(sleep(60_000, AbortSignal.abort()))).toBeLessThan(5_000);
});

async function slept(sleeping: Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await sleeping;
  return performance.now() - startedMs;
}
