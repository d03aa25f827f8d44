import { describe, expect, it } from 'vitest';
import { inBatches, isAhead, isBehind, logLinesOf, type PlacedLogLine } from './log-lines.js';

const chunk = {
  id: 7,
  podId: 'pod_1',
  index: 4,
  attempt: 2,
  firstNumber: 11,
  records: [
    { kind: 'line', stamp: '2026-01-01T00:00:00.1Z', bytes: Buffer.from('a\0'), continued: true },
    { kind: 'gap', stamp: '2026-01-01T00:00:00.2Z', code: 'LOG_LIMIT', message: 'Too much', lines: null },
  ],
} as const;

describe('logLinesOf', () => {
  it('numbers lines and gaps alike, and places each', () => {
    const where = { podId: 'pod_1', index: 4, attempt: 2 };
    expect(logLinesOf(chunk)).toEqual([
      {
        position: { chunkId: 7, offset: 1 },
        line: { ...where, number: 11, at: '2026-01-01T00:00:00.1Z', text: 'a\\x00', continued: true, gapBefore: null },
      },
      {
        position: { chunkId: 7, offset: 2 },
        line: {
          ...where,
          number: 12,
          at: '2026-01-01T00:00:00.2Z',
          text: '',
          continued: false,
          gapBefore: { code: 'LOG_LIMIT', message: 'Too much', lines: null },
        },
      },
    ]);
  });
});

describe('positions', () => {
  it('order lines by chunk, then within it', () => {
    const at = (chunkId: number, offset: number) => ({ position: { chunkId, offset } }) as PlacedLogLine;
    const lines = [at(6, 9), at(7, 1), at(7, 2), at(7, 3), at(8, 1)];
    const middle = { chunkId: 7, offset: 2 };
    expect(lines.map((line) => isBehind(line, middle))).toEqual([false, false, false, true, true]);
    expect(lines.map((line) => isAhead(line, middle))).toEqual([true, true, false, false, false]);
  });
});

describe('inBatches', () => {
  const lines = (...lengths: number[]) =>
    lengths.map((length) => ({ line: { text: 'x'.repeat(length) } }) as unknown as PlacedLogLine);
  const sizes = (batches: PlacedLogLine[][]) => batches.map((batch) => batch.length);

  it('cuts by lines and by characters, and leaves nothing out', () => {
    expect(sizes(inBatches(lines(1, 1, 1, 1, 1), 2, 100))).toEqual([2, 2, 1]);
    expect(sizes(inBatches(lines(50, 60, 10, 200, 1), 10, 100))).toEqual([2, 2, 1]);
    expect(sizes(inBatches([], 2, 100))).toEqual([]);
  });
});
