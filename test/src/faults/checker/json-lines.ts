import { createReadStream } from 'node:fs';

const NEWLINE = 0x0a;

/**
 * The values of a file of JSON lines, one at a time. A last line without its newline is left out: its writer was killed,
 * or is not done with it. (Node's own `readline` would also split at U+2028, which JSON may hold.)
 */
export async function* readJsonLines(
  path: string,
  parse: (line: string) => unknown = (line) => JSON.parse(line),
): AsyncGenerator<unknown, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes = rest.length === 0 ? (piece as Buffer) : Buffer.concat([rest, piece as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      yield parse(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}
