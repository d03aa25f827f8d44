import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type LogFragment, LogLineSplitter } from './log-lines.js';

const STAMP = '2026-11-23T23:50:54.123456789Z';
const PIECE = 16 * 1024;

function split(chunks: readonly Buffer[]): LogFragment[] {
  const splitter = new LogLineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

function textsOf(fragments: readonly LogFragment[]): Shown[] {
  return fragments.map(({ stamp, bytes, endsLine }) => [stamp, bytes.toString('latin1'), endsLine]);
}

type Shown = [stamp: string | undefined, text: string, endsLine: boolean];

const TEXTS: [what: string, text: string, expected: Shown[]][] = [
  ['nothing', '', []],
  ['a line', `${STAMP} hello\n`, [[STAMP, 'hello', true]]],
  ['an empty line', `${STAMP} \n`, [[STAMP, '', true]]],
  [
    'a line with an offset of time',
    '2026-11-23T23:50:54.123456789+01:00 x\n',
    [['2026-11-23T23:50:54.123456789+01:00', 'x', true]],
  ],
  [
    'a last line without newline',
    `${STAMP} a\n${STAMP} b`,
    [
      [STAMP, 'a', true],
      [STAMP, 'b', true],
    ],
  ],
  ['carriage returns as they are', `${STAMP} 10%\r20%\r\n`, [[STAMP, '10%\r20%\r', true]]],
  [
    'line separators of Unicode as they are',
    `${STAMP} a\u2028b\u0085c\n`,
    [[STAMP, Buffer.from('a\u2028b\u0085c').toString('latin1'), true]],
  ],
  ['NUL and invalid UTF-8 as they are', `${STAMP} \0\n`, [[STAMP, '\0', true]]],
  ['what the kubelet says without a stamp', 'unable to retrieve\n', [[undefined, 'unable to retrieve', true]]],
  [
    'a stamp that is none',
    '2026-13-40T99:99:99.123456789Z x\n',
    [[undefined, '2026-13-40T99:99:99.123456789Z x', true]],
  ],
  ['a stamp without a line', STAMP, [[undefined, STAMP, true]]],
];

describe('LogLineSplitter', () => {
  test.each(TEXTS)('reads %s', (_, text, expected) => {
    expect(textsOf(split([Buffer.from(text)]))).toEqual(expected);
  });

  it('cuts long lines into pieces that know where they belong', () => {
    const fragments = split([Buffer.from(`${STAMP} ${'x'.repeat(2 * PIECE + 1)}\n${STAMP} ${'y'.repeat(PIECE)}\n`)]);
    expect(fragments.map(({ offset, bytes, endsLine }) => [offset, bytes.length, endsLine])).toEqual([
      [0, PIECE, false],
      [PIECE, PIECE, false],
      [2 * PIECE, 1, true],
      [0, PIECE, true],
    ]);
  });

  it('cuts between characters, and anywhere in what is no UTF-8', () => {
    const line = `x${'🚀'.repeat(PIECE / 4)}`;
    const [first, second] = split([Buffer.from(`${STAMP} ${line}\n`)]);
    expect(first?.bytes.toString()).toBe(`x${'🚀'.repeat(PIECE / 4 - 1)}`);
    expect(second?.bytes.toString()).toBe('🚀');
    const binary = split([Buffer.concat([Buffer.from(`${STAMP} `), Buffer.alloc(PIECE + 5, 0x80)])]);
    expect(binary.map(({ bytes }) => bytes.length)).toEqual([PIECE, 5]);
  });
});

describe('a log that arrives bit by bit', () => {
  it('gives pieces of a line without end as they come, and holds back no more than one', () => {
    const splitter = new LogLineSplitter();
    let given = 0;
    splitter.push(Buffer.from(`${STAMP} `));
    for (let sent = PIECE; sent <= 100 * PIECE; sent += PIECE) {
      given += splitter.push(Buffer.alloc(PIECE, 0x2e)).reduce((sum, { bytes }) => sum + bytes.length, 0);
      expect(sent - given).toBeLessThanOrEqual(PIECE);
    }
  });

  it('gives the same pieces however the bytes arrive', () => {
    const content = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.nat(3 * PIECE).map((length) => 'äx🚀'.repeat(length / 4)),
    );
    fc.assert(
      fc.property(
        fc.array(content, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 20 }),
        (lines, sizes) => {
          const bytes = Buffer.from(lines.map((each) => `${STAMP} ${each.replaceAll('\n', '')}\n`).join(''));
          const chunks: Buffer[] = [];
          let start = 0;
          for (const size of sizes) {
            chunks.push(bytes.subarray(start, start + size));
            start += size;
          }
          chunks.push(bytes.subarray(start));
          expect(split(chunks)).toEqual(split([bytes]));
        },
      ),
      { numRuns: 60 },
    );
  });
});
