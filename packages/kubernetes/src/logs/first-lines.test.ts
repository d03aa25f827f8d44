import { describe, expect, it } from 'vitest';
import { gapBefore, gapInstead, type ContainerRun } from './first-lines.js';
import type { LogFragment } from './log-lines.js';

const startedMs = Date.parse('2026-11-23T10:00:00Z');
const run = (isFresh: boolean, ranSeconds: number | null = null): ContainerRun => ({
  startedAt: new Date(startedMs),
  endedAt: ranSeconds === null ? null : new Date(startedMs + ranSeconds * 1000),
  isFresh,
});

/** So many lines of 1 KiB, the first that long after the start of the container. */
function lines(count: number, afterSeconds: number, apartMs: number): LogFragment[] {
  return Array.from({ length: count }, (_, i) => ({
    stamp: new Date(startedMs + afterSeconds * 1000 + i * apartMs).toISOString().replace('Z', '000000Z'),
    bytes: Buffer.alloc(1024, 'x'),
    offset: 0,
    endsLine: true,
  }));
}

describe('the first line that is read of a log', () => {
  it.each<[string, LogFragment[], boolean, boolean]>([
    ['is the first one where it was written at the start', lines(1, 1, 1), false, false],
    ['is the first one where it is read as the container starts', lines(1, 60, 1), true, false],
    ['is the first one of a container that takes its time', lines(200, 5, 100), true, false],
    ['is the first one of a container that soon writes some lines at once', lines(100, 5, 0), true, false],
    ['may not be where nobody was there at the start', lines(1, 60, 1), false, true],
    ['may not be where a file is filled in the time before it', lines(200, 5, 0.1), true, true],
  ])('%s', (_, fragments, isFresh, hasGap) => {
    expect(gapBefore(fragments, run(isFresh)).map((gap) => gap.code)).toEqual(hasGap ? ['LOG_ROTATED'] : []);
  });

  it('says what is known', () => {
    expect(gapBefore(lines(1, 60, 1), run(false))).toMatchObject([
      {
        message:
          'The first line read was written 60.0 s after its container started, and nobody had read the log before: earlier lines may have been rotated away',
      },
    ]);
  });
});

it.each<[string, ContainerRun, boolean]>([
  ['that was read from the start', run(true, 60), false],
  ['of a container that was over at once', run(false, 1), false],
  ['that nobody read while its container ran', run(false, 60), true],
])('an empty log %s has a gap: %s', (_, of, hasGap) => {
  expect(gapInstead(of)).toHaveLength(hasGap ? 1 : 0);
});
