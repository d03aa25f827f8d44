import { expect, test } from 'vitest';
import { backoffMs } from './backoff.js';

test.each([
  [1, 0, 0],
  [1, 0.5, 50],
  [2, 0.5, 100],
  [4, 0.999, 799],
  [5, 0.999, 999],
  [1_000_000, 0.999, 999],
])('after attempt %i with chance %d the wait is %i ms', (attempt, chance, waitMs) => {
  expect(backoffMs(attempt, { baseMs: 100, maxMs: 1_000 }, () => chance)).toBe(waitMs);
});
