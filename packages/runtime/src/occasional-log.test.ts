import { expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { occasionalWarning } from './occasional-log.js';

it('warns at once, then once a minute, with how often it was told', () => {
  const counts: unknown[] = [];
  const log = createLogger('test', {
    write: (line: string) => counts.push((JSON.parse(line) as { count: number }).count),
  });
  let nowMs = 0;
  const warn = occasionalWarning(log, 'Redis is away', { nowMs: () => nowMs });
  for (const atMs of [0, 1, 59_999, 60_000, 60_001]) {
    nowMs = atMs;
    warn(new Error('refused'));
  }
  expect(counts).toEqual([1, 3]);
});
