import { expect, it } from 'vitest';

import { summarize } from './measured.js';

it('says how soon, how many in time, and what took longest', () => {
  const quick = Array.from({ length: 98 }, (_, i) => ({ name: 'reset', convergenceMs: 10 * (i + 1), hidden: i % 2 }));
  const slow = [
    { name: 'stall', convergenceMs: 2_000, hidden: 1 },
    { name: '410', convergenceMs: 3_456, hidden: 0 },
  ];
  expect(summarize([...slow, ...quick])).toEqual({
    p50Ms: 500,
    p99Ms: 2_000,
    figures: {
      'convergence p50': '0.50 s',
      'convergence p99': '2.00 s',
      'within 2 s': '99 of 100',
      'slowest by kind': '410 3.46 s, stall 2.00 s, reset 0.98 s',
      'with something missed meanwhile': '50 of 100',
    },
  });
});

it('says nothing of nothing', () => {
  expect(() => summarize([])).toThrow('Nothing was measured');
});
