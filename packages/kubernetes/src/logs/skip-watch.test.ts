import { describe, expect, it } from 'vitest';
import { SkipWatch } from './skip-watch.js';

const stampAt = (second: number) => new Date(second * 1000).toISOString().replace('Z', '000000Z');

describe('a follow', () => {
  it.each<[string, [writtenAtSecond: number, arrivedAtMs: number][], boolean]>([
    [
      'keeps up with a container that pauses',
      [
        [0, 10_000],
        [60, 70_000],
      ],
      false,
    ],
    [
      'lags behind one that never pauses',
      [
        [0, 10_000],
        [1, 10_001],
      ],
      false,
    ],
    [
      'begins with an old file',
      [
        [0, 0],
        [60, 1],
      ],
      false,
    ],
    [
      'has lagged behind, and goes on with what was written much later',
      [
        [0, 10_000],
        [12, 10_001],
      ],
      true,
    ],
    [
      'sees a clock go back',
      [
        [60, 10_000],
        [0, 10_001],
      ],
      false,
    ],
  ])('that %s', (_, lines, expected) => {
    let nowMs = 0;
    const watch = new SkipWatch(() => nowMs);
    const verdicts = lines.map(([second, arrivedMs]) => {
      nowMs = arrivedMs;
      return watch.mayHaveSkipped(stampAt(second));
    });
    expect(verdicts.at(-1)).toBe(expected);
  });
});
