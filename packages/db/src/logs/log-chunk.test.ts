import { describe, expect, it } from 'vitest';

import { decodeLogChunk, encodeLogChunk, type LogRecord } from './log-chunk.js';

const stamp = '2026-11-23T10:00:00.123456789Z';

function line(bytes: Buffer | string, continued = false): LogRecord {
  return { kind: 'line', stamp, bytes: Buffer.from(bytes), continued };
}

describe('a log chunk', () => {
  it.each<[string, LogRecord[]]>([
    ['no record', []],
    ['a line', [line('hello world')]],
    ['an empty line', [line('')]],
    ['blanks at both ends', [line('  a  ')]],
    ['parts of a long line', [line('a'.repeat(16_384), true), line('b')]],
    ['bytes that are no text', [line(Buffer.from([0, 0xff, 0xfe, 0x1b, 0x0d, 0x80]))]],
    [
      'a gap between lines',
      [line('a'), { kind: 'gap', stamp, code: 'LOG_ROTATED', message: 'line 1\nline 2', lines: null }, line('b')],
    ],
    ['a gap of known size', [{ kind: 'gap', stamp, code: 'LOG_LIMIT', message: 'full', lines: 12 }]],
  ])('gives back %s', (_, records) => {
    expect(decodeLogChunk(encodeLogChunk(records))).toEqual(records);
  });

  it('is smaller than what it holds', () => {
    const records = Array.from({ length: 1_000 }, (_, i) => line(`step ${i} of 1000, loss 0.${i}`));
    expect(encodeLogChunk(records).length).toBeLessThan(20_000);
  });
});
