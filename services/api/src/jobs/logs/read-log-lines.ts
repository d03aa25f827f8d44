import type { LogScope, Queryable } from '@ccluster/db';
import type { LogPosition, PlacedLogLine } from './log-lines.js';
import type { LogSearch } from './log-search.js';
import { linesBeyond, walkLog, type LogDirection } from './walk-log.js';

/** A page ends here too, so that long lines cannot fill the memory. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
/** What one request looks through for lines that are seldom, in characters and in chunks. */
const MAX_SEARCHED_CHARACTERS = 16 * 1024 * 1024;
const MAX_SEARCHED_CHUNKS = 1000;

export interface LogRead {
  readonly direction: LogDirection;
  /** Lines at most. */
  readonly size: number;
  readonly start: LogPosition;
  readonly search: LogSearch | undefined;
}

export interface ReadLogLines {
  /** In the direction gone. */
  readonly lines: readonly PlacedLogLine[];
  /** There is more, or there may be: not all was looked through. */
  readonly more: boolean;
  /** Where to go on; undefined where nothing was read. */
  readonly reached: LogPosition | undefined;
}

/** Lines of a log from a position on, with a bound on the work done for them. */
export async function readLogLines(db: Queryable, scope: LogScope, read: LogRead): Promise<ReadLogLines> {
  const { direction, size, start, search } = read;
  const found: PlacedLogLine[] = [];
  let foundCharacters = 0;
  let searchedCharacters = 0;
  let searchedChunks = 0;
  let reached: LogPosition | undefined;
  for await (const chunk of walkLog(db, scope, start, direction)) {
    const lines = linesBeyond(chunk, start, direction);
    const wanted = search === undefined ? lines : lines.filter(({ line }) => search(line));
    found.push(...wanted);
    foundCharacters += countCharacters(wanted);
    reached = lines.at(-1)?.position ?? reached;
    // One line more than is given out is read: it tells that there is a next page.
    if (found.length > size || foundCharacters > MAX_CHARACTERS) return cut(found, size, reached);
    searchedCharacters += countCharacters(lines);
    searchedChunks += 1;
    const isEnough = searchedCharacters > MAX_SEARCHED_CHARACTERS || searchedChunks >= MAX_SEARCHED_CHUNKS;
    if (search !== undefined && isEnough) return { lines: found, more: true, reached };
  }
  return { lines: found, more: false, reached };
}

function cut(found: readonly PlacedLogLine[], size: number, reached: LogPosition | undefined): ReadLogLines {
  let characters = 0;
  let count = 0;
  for (const { line } of found.slice(0, size)) {
    characters += line.text.length;
    if (count > 0 && characters > MAX_CHARACTERS) break;
    count += 1;
  }
  const lines = found.slice(0, count);
  const more = count < found.length;
  return { lines, more, reached: more ? lines.at(-1)?.position : reached };
}

function countCharacters(lines: readonly PlacedLogLine[]): number {
  return lines.reduce((sum, { line }) => sum + line.text.length, 0);
}
