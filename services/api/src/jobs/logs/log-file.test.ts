import type { LogRecord, StoredLogChunk } from '@ccluster/db';
import { describe, expect, it } from 'vitest';
import { createLogFile } from './log-file.js';

const stamp = '2026-01-01T00:00:00.123456789Z';
const line = (text: string): LogRecord => ({ kind: 'line', stamp, bytes: Buffer.from(text), continued: false });
const part = (text: string): LogRecord => ({ kind: 'line', stamp, bytes: Buffer.from(text), continued: true });
const gap = (lines: number | null): LogRecord => ({
  kind: 'gap',
  stamp,
  code: 'LOG_X',
  message: 'Gone\nfor good',
  lines,
});

function chunkOf(index: number, ...records: LogRecord[]): StoredLogChunk {
  return { id: 1, podId: `pod_${index}`, index, attempt: 1, firstNumber: 1, records };
}

const plain = { withTimestamps: false, withTask: false };

describe('a log as a text file', () => {
  it.each<[string, StoredLogChunk[], string]>([
    ['has a line for a line', [chunkOf(0, line('a'), line('')), chunkOf(0, line('b'))], 'a\n\nb\n'],
    ['joins the parts of a long line', [chunkOf(0, part('a'), part('b')), chunkOf(0, line('c'))], 'abc\n'],
    ['leaves open a line whose rest is to come', [chunkOf(0, line('a'), part('b'))], 'a\nb'],
    [
      'breaks a long line where another pod wrote in between',
      [chunkOf(0, part('a')), chunkOf(1, line('x')), chunkOf(0, line('b'))],
      'a\nx\nb\n',
    ],
    ['shows a gap', [chunkOf(0, line('a'), gap(null), line('b'))], 'a\n[gap: LOG_X: Gone for good]\nb\n'],
    ['shows the size of a gap', [chunkOf(0, gap(7))], '[gap: LOG_X: Gone for good (7 lines)]\n'],
    ['ends a line that a gap cuts', [chunkOf(0, part('a'), gap(null))], 'a\n[gap: LOG_X: Gone for good]\n'],
    ['escapes what would act on a terminal', [chunkOf(0, line('\u001b[2Ja\u0000'))], '\\x1b[2Ja\\x00\n'],
    ['keeps CR and what Unicode calls a line separator', [chunkOf(0, line('1%\r2%\u2028x'))], '1%\r2%\u2028x\n'],
  ])('%s', (_, chunks, expected) => {
    expect(chunks.map(createLogFile(plain)).join('')).toBe(expected);
  });

  it('names the task before each line, not before the parts of one', () => {
    const file = createLogFile({ withTimestamps: true, withTask: true });
    expect([chunkOf(0, part('a'), line('b')), chunkOf(7, line('c'))].map(file).join('')).toBe(
      `${stamp} [0/1] ab\n${stamp} [7/1] c\n`,
    );
  });
});
