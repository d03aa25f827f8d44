import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondOf } from './log-stamp.js';
import type { LogPiece } from './log-piece.js';
import { LOG_START, type LogPosition } from './log-position.js';
import { LogRead } from './log-read.js';
import { RotationWatch } from './rotation-watch.js';

const BASE_MS = Date.parse('2026-11-23T10:00:00Z');
const PIECE = 16 * 1024;

interface FileLine {
  stamp: string;
  text: string;
}

/** `atSeconds` with up to nine decimals. */
function fileLine(atSeconds: number, text: string): FileLine {
  const second = Math.floor(atSeconds);
  const nanoseconds = Math.floor((atSeconds - second) * 1e9);
  return {
    stamp: `${new Date(BASE_MS + second * 1000).toISOString().slice(0, 19)}.${`${nanoseconds}`.padStart(9, '0')}Z`,
    text,
  };
}

/** What the kubelet answers: the lines of the current file that are stamped in the asked second or later. */
function answer(file: readonly FileLine[], position: LogPosition): Buffer {
  const since = (position.newest?.second ?? 0) - 1;
  const lines = file.filter(({ stamp }) => secondOf(stamp) >= since);
  return Buffer.from(lines.map(({ stamp, text }) => `${stamp} ${text}\n`).join(''));
}

/** One read of at most `bytes` bytes, as after a reset; the position goes through JSON, as through the database. */
function readPart(
  file: readonly FileLine[],
  position: LogPosition,
  bytes: number,
): { pieces: LogPiece[]; position: LogPosition } {
  const read = new LogRead(position, new RotationWatch(() => 0));
  const pieces = read.accept([answer(file, position).subarray(0, bytes)]);
  return { pieces, position: JSON.parse(JSON.stringify(read.position)) as LogPosition };
}

function readRest(file: readonly FileLine[], position: LogPosition): LogPiece[] {
  const read = new LogRead(position, new RotationWatch(() => 0));
  return [...read.accept([answer(file, position)]), ...read.finish()];
}

/** Lines put together again, and gaps by their code. */
function shown(pieces: readonly LogPiece[]): string[] {
  const lines: string[] = [];
  let open = '';
  for (const piece of pieces) {
    if (piece.kind === 'gap') {
      lines.push(piece.code);
      continue;
    }
    open += piece.bytes.toString();
    if (piece.continued) continue;
    lines.push(open);
    open = '';
  }
  return open === '' ? lines : [...lines, `${open}…`];
}

describe('a log read in parts', () => {
  it('has every line once, whatever the order of its stamps and wherever a read breaks', () => {
    // Within a second of each other, as stdout and stderr are; now and then a pause of seconds.
    const steps = fc.array(
      fc.record({
        pause: fc.constantFrom(0, 0, 0, 0.3, 1.2, 5),
        back: fc.double({ min: 0, max: 0.9, noNaN: true }),
        long: fc.constantFrom(0, 0, 0, 20, 40_000),
      }),
      { maxLength: 40 },
    );
    const breaks = fc.array(fc.nat(3_000), { maxLength: 30 });
    fc.assert(
      fc.property(steps, breaks, (given, sizes) => {
        let at = 0;
        const file = given.map(({ pause, back, long }, number) => {
          at += pause;
          return fileLine(Math.max(0, at + 1 - back), `line ${number} ${'ö'.repeat(long)}`);
        });
        const pieces: LogPiece[] = [];
        let position: LogPosition = LOG_START;
        for (const size of sizes) {
          const part = readPart(file, position, size);
          pieces.push(...part.pieces);
          position = part.position;
        }
        expect(shown([...pieces, ...readRest(file, position)])).toEqual(file.map(({ text }) => text));
      }),
      { numRuns: 300 },
    );
  });

  it('goes on inside a long line', () => {
    const file = [fileLine(1, 'first'), fileLine(2, 'x'.repeat(3 * PIECE)), fileLine(2.5, 'last')];
    const part = readPart(file, LOG_START, 2 * PIECE + 200);
    expect(part.pieces.map((piece) => piece.kind === 'line' && piece.continued)).toEqual([false, true, true]);
    expect(part.position.partial).toEqual({ stamp: file[1]?.stamp, bytes: 2 * PIECE });
    expect(shown([...part.pieces, ...readRest(file, part.position)])).toEqual(file.map(({ text }) => text));
  });

  it('skips the rest of a long line that began before the asked second and comes without a stamp', () => {
    const file = [fileLine(1, 'a'), fileLine(10, 'b')];
    const { position } = readPart(file, LOG_START, 1_000);
    const read = new LogRead(position, new RotationWatch(() => 0));
    const bytes = Buffer.concat([
      Buffer.from('the rest of something long\n'),
      answer([...file, fileLine(11, 'c')], position),
    ]);
    expect(shown([...read.accept([bytes]), ...read.finish()])).toEqual(['c']);
  });

  it('keeps a last line without a newline for the end', () => {
    const read = new LogRead(LOG_START, new RotationWatch(() => 0));
    expect(read.accept([Buffer.from(`${fileLine(1, 'no newline').stamp} no newline`)])).toEqual([]);
    expect(shown(read.finish())).toEqual(['no newline']);
    expect(readRest([fileLine(1, 'no newline')], read.position)).toEqual([]);
  });
});

describe('a log whose file was rotated', () => {
  const old = Array.from({ length: 10 }, (_, at) => fileLine(1 + at / 20, `line ${at}`));
  const { position } = readPart(old, LOG_START, 1_000_000);

  it('has no gap when the last line taken is in the new file', () => {
    const file = [...old.slice(7), fileLine(2, 'new')];
    expect(shown(readRest(file, position))).toEqual(['new']);
  });

  it('has a gap where lines may be missing, and repeats none', () => {
    expect(shown(readRest([fileLine(2, 'new'), fileLine(2.1, 'newer')], position))).toEqual([
      'LOG_ROTATED',
      'new',
      'newer',
    ]);
  });

  it('has a gap when nothing taken is left and nothing new is there', () => {
    expect(shown(readRest([], position))).toEqual(['LOG_ROTATED']);
  });

  it('tells the gap as soon as the first new line comes', () => {
    const next = readPart([fileLine(3, 'new'), fileLine(3.1, 'newer')], position, 1_000);
    expect(shown(next.pieces)).toEqual(['LOG_ROTATED', 'new', 'newer']);
    expect(shown(readRest([fileLine(3, 'new'), fileLine(3.1, 'newer'), fileLine(4, 'newest')], next.position))).toEqual(
      ['newest'],
    );
  });

  it('gives a half-taken line anew when it is another line', () => {
    const long = [...old, fileLine(1.9, 'x'.repeat(40_000))];
    const part = readPart(long, LOG_START, 20_000);
    expect(part.position.partial).toBeDefined();
    expect(shown(readRest([fileLine(2, 'y'.repeat(20_000))], part.position))).toEqual([
      'LOG_ROTATED',
      'y'.repeat(20_000),
    ]);
  });
});

describe('a log that the kubelet cannot read', () => {
  const message = 'unable to retrieve container logs for containerd://abc';

  it('is a gap in its words, at the end', () => {
    const { position } = readPart([fileLine(1, 'a')], LOG_START, 1_000);
    const read = new LogRead(position, new RotationWatch(() => 0));
    const pieces = [...read.accept([Buffer.from(message)]), ...read.finish()];
    expect(pieces).toEqual([{ kind: 'gap', code: 'LOG_UNAVAILABLE', message, lines: null }]);
  });

  it('is nothing as long as another read may do better', () => {
    const read = new LogRead(LOG_START, new RotationWatch(() => 0));
    expect(read.accept([Buffer.from(`${message}\n`)])).toEqual([]);
  });
});
