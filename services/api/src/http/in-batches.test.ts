import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inBatches } from './in-batches.js';

it('what comes at once is handled in batches, in order, and nothing is left out', async () => {
  const handled: number[] = [];
  const take = inBatches<number>(3, (item) => handled.push(item));
  for (let item = 0; item < 7; item += 1) take(item);
  expect(handled).toEqual([0, 1, 2]);
  await setImmediate();
  expect(handled).toEqual([0, 1, 2, 3, 4, 5]);
  take(7);
  await setImmediate();
  await setImmediate();
  expect(handled).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  take(8);
  expect(handled.at(-1)).toBe(8);
});
