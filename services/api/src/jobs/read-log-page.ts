import { readLogChunks, readLogChunksBackwards, type LogScope, type Queryable } from '@ccluster/db';
import { InputRefused } from '@ccluster/domain';
import { checkPageSize, pageInfo } from '../graphql/page.js';
import { formatLogCursor, parseLogCursor } from './log-cursor.js';
import { isAhead, isBehind, LOG_START, logLinesOf, type LogPosition, type PlacedLogLine } from './log-lines.js';
import type { LogLineConnection } from './log.type.js';

const MAX_LINES = 5000;
const DEFAULT_LINES = 1000;
/** A page ends here too, so that long lines cannot fill the memory. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
const CHUNKS_AT_ONCE = 8;
/** Before everything: greater than any id of a chunk. */
const LOG_END: LogPosition = { chunkId: Number.MAX_SAFE_INTEGER, offset: 0 };

export interface LogPageRequest {
  readonly first: number | null;
  readonly after: string | null;
  readonly last: number | null;
  readonly before: string | null;
}

/**
 * A page of a log: `first` lines after `after` (the first 1,000 if nothing is given), or `last` lines before `before`.
 * It may be shorter than asked for where lines are long; `hasNextPage` and `hasPreviousPage` tell.
 */
export async function readLogPage(db: Queryable, scope: LogScope, request: LogPageRequest): Promise<LogLineConnection> {
  const { first, after, last, before } = request;
  const backwards = last !== null || (before !== null && first === null);
  if (backwards ? first !== null || after !== null : before !== null) throw mixedDirections();
  const size = (backwards ? last : first) ?? DEFAULT_LINES;
  checkPageSize(backwards ? 'last' : 'first', size, MAX_LINES);
  const start = backwards ? before : after;
  const found = backwards
    ? await readLast(db, scope, start === null ? LOG_END : parseLogCursor(start, scope.jobId), size)
    : await readFirst(db, scope, start === null ? LOG_START : parseLogCursor(start, scope.jobId), size);
  const edges = found.lines.map(({ position, line }) => ({
    cursor: formatLogCursor(scope.jobId, position),
    node: line,
  }));
  const more = backwards
    ? { hasPreviousPage: found.more, hasNextPage: before !== null }
    : { hasPreviousPage: after !== null, hasNextPage: found.more };
  return { edges, pageInfo: pageInfo(edges, more) };
}

interface FoundLines {
  readonly lines: readonly PlacedLogLine[];
  readonly more: boolean;
}

async function readFirst(db: Queryable, scope: LogScope, after: LogPosition, size: number): Promise<FoundLines> {
  const lines: PlacedLogLine[] = [];
  for (let fromId = after.chunkId; !isFull(lines, size);) {
    const chunks = await readLogChunks(db, scope, fromId, CHUNKS_AT_ONCE);
    lines.push(...chunks.flatMap(logLinesOf).filter((line) => isBehind(line, after)));
    const newest = chunks.at(-1);
    if (newest === undefined || chunks.length < CHUNKS_AT_ONCE) break;
    fromId = newest.id + 1;
  }
  return cut(lines, size);
}

async function readLast(db: Queryable, scope: LogScope, before: LogPosition, size: number): Promise<FoundLines> {
  const newestFirst: PlacedLogLine[] = [];
  for (let downFromId = before.chunkId; !isFull(newestFirst, size);) {
    const chunks = await readLogChunksBackwards(db, scope, downFromId, CHUNKS_AT_ONCE);
    newestFirst.push(
      ...chunks.flatMap((chunk) => logLinesOf(chunk).toReversed()).filter((line) => isAhead(line, before)),
    );
    const oldest = chunks.at(-1);
    if (oldest === undefined || chunks.length < CHUNKS_AT_ONCE) break;
    downFromId = oldest.id - 1;
  }
  const { lines, more } = cut(newestFirst, size);
  return { lines: lines.toReversed(), more };
}

/** One line more than is given out is read: it tells that there is a next page. */
function isFull(lines: readonly PlacedLogLine[], size: number): boolean {
  return lines.length > size || countCharacters(lines) > MAX_CHARACTERS;
}

function cut(lines: readonly PlacedLogLine[], size: number): FoundLines {
  let characters = 0;
  let count = 0;
  for (const { line } of lines.slice(0, size)) {
    characters += line.text.length;
    if (count > 0 && characters > MAX_CHARACTERS) break;
    count += 1;
  }
  return { lines: lines.slice(0, count), more: lines.length > count };
}

function countCharacters(lines: readonly PlacedLogLine[]): number {
  return lines.reduce((sum, { line }) => sum + line.text.length, 0);
}

function mixedDirections(): InputRefused {
  const message = 'first and after, or last and before, must be given, not parts of both';
  return new InputRefused([{ path: ['last'], code: 'INVALID', message }]);
}
