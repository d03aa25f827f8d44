import { decodeLogChunk, encodeLogChunk } from '@ccluster/db';
import { renderLogText } from '@ccluster/domain';
import { followLog } from '@ccluster/kubernetes';
import { createLogger } from '@ccluster/runtime';
import { describe, expect, it } from 'vitest';
import { toRecords } from './to-records.js';

const STAMP = '2026-11-23T10:00:00.000000001Z ';
const EARLIER = '2026-11-23T09:00:00.000000001Z ';
/** As a kubelet answers: first all, then what is stamped in the second asked for or later. */
async function* answer(pieces: readonly Buffer[], sinceTime = ''): AsyncGenerator<Buffer> {
  if (sinceTime === '') return yield* pieces;
  const lines = Buffer.concat(pieces)
    .toString('latin1')
    .split(/(?<=\n)/);
  yield Buffer.from(lines.filter((line) => line >= sinceTime).join(''), 'latin1');
}

/** A clock by which any two reads are far apart. */
let clockMs = 0;
const nextSecond = (): number => (clockMs += 1_000);
const log = createLogger('test', { write: () => undefined });

/** What callers see of a finished container's log that arrives in these pieces: bytes, stored form, text. */
async function shown(pieces: readonly Buffer[]): Promise<string[]> {
  const batches = followLog({
    connection: { openStream: async (_, { query }) => answer(pieces, query['sinceTime']) },
    namespace: 'jobs',
    pod: 'p',
    container: 'c',
    position: undefined,
    isContainerFinished: () => true,
    nowMs: nextSecond,
    random: () => 0,
    signal: new AbortController().signal,
    log,
  });
  const lines: string[] = [];
  for await (const { pieces } of batches) {
    for (const record of decodeLogChunk(encodeLogChunk(toRecords(pieces, 'now')))) {
      lines.push(
        record.kind === 'gap' ? `gap ${record.code}` : renderLogText(record.bytes) + (record.continued ? '…' : ''),
      );
    }
  }
  return lines;
}

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('what a container prints', () => {
  it.each<[string, Buffer, string[]]>([
    ['text of any script', bytes(STAMP, 'größe 日本 🚀\n'), ['größe 日本 🚀']],
    [
      'invalid UTF-8',
      bytes(STAMP, 'a', [0xff, 0xc3], 'b', [0xed, 0xa0, 0x80], '\n'),
      ['a\ufffd\ufffdb\ufffd\ufffd\ufffd'],
    ],
    ['a character cut off at the end of a line', bytes(STAMP, [0xf0, 0x9f, 0x9a], '\n', STAMP, 'b\n'), ['\ufffd', 'b']],
    ['NUL', bytes(STAMP, 'a\u0000b\n'), ['a\\x00b']],
    ['ANSI colours', bytes(STAMP, '\u001b[31mred\u001b[0m\n'), ['\\x1b[31mred\\x1b[0m']],
    ['an OSC title', bytes(STAMP, '\u001b]0;owned\u0007\n'), ['\\x1b]0;owned\\x07']],
    ['a progress bar', bytes(STAMP, '10%\r20%\r100%\r\n'), ['10%\r20%\r100%\r']],
    ['Unicode line separators', bytes(STAMP, 'a\u2028b\u2029c\u0085d\n'), ['a\u2028b\u2029c\\x85d']],
    ['a last line without a newline', bytes(STAMP, 'a\n', STAMP, 'b'), ['a', 'b']],
    ['empty lines', bytes(STAMP, '\n', STAMP, '\n'), ['', '']],
    ['a clock that goes back', bytes(STAMP, 'a\n', EARLIER, 'b\n', STAMP, 'c\n'), ['a', 'b', 'c']],
    ['what looks like a stamp', bytes(STAMP, EARLIER, 'x\n'), [`${EARLIER}x`]],
    [
      'what looks like the stored form',
      bytes(STAMP, 'G 1 {"code":"X"}\n', STAMP, 'F 2 y\n'),
      ['G 1 {"code":"X"}', 'F 2 y'],
    ],
  ])('is kept and shown, however its bytes arrive: %s', async (_, content, expected) => {
    await expect(shown([content])).resolves.toEqual(expected);
    await expect(shown([...content].map((byte) => Buffer.from([byte])))).resolves.toEqual(expected);
    for (let at = 1; at < content.length; at += 1) {
      await expect(shown([content.subarray(0, at), content.subarray(at)])).resolves.toEqual(expected);
    }
  });

  it('is cut between characters where a line is of 1 MiB, and nothing of it is lost', async () => {
    const line = '日本🚀x'.repeat(Math.ceil((1024 * 1024) / 11));
    const content = bytes(STAMP, line, '\n', STAMP, 'end\n');
    const pieces = Array.from({ length: Math.ceil(content.length / 4093) }, (_, i) =>
      content.subarray(i * 4093, (i + 1) * 4093),
    );
    for (const arrived of [[content], pieces]) {
      const lines = await shown(arrived);
      expect(lines.pop()).toBe('end');
      expect(lines.slice(0, -1).every((part) => part.endsWith('…'))).toBe(true);
      expect(lines.map((part) => part.replace(/…$/, '')).join('')).toBe(line);
    }
  });
});
