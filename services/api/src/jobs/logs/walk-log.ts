import { setImmediate } from 'node:timers/promises';
import {
  readLogChunks,
  readLogChunksBackwards,
  type LogScope,
  type Queryable,
  type StoredLogChunk,
} from '@ccluster/db';
import { isAhead, isBehind, logLinesOf, type LogPosition, type PlacedLogLine } from './log-lines.js';

/** A chunk unpacks to 256 KiB at most, so that many in the memory at once, and some times as much while they are text. */
const FIRST_CHUNKS = 8;
const MAX_CHUNKS = 32;

export type LogDirection = 'forwards' | 'backwards';

/**
 * The chunks of a log from a position on, in the direction gone, read a few at a time as they are asked for. A chunk of
 * a quiet log may be a single line: who reads on is given more and more of them at once.
 */
export async function* walkLog(
  db: Queryable,
  scope: LogScope,
  start: LogPosition,
  direction: LogDirection,
): AsyncGenerator<StoredLogChunk, void, undefined> {
  const read = direction === 'forwards' ? readLogChunks : readLogChunksBackwards;
  let nextId = start.chunkId;
  for (let limit = FIRST_CHUNKS; ; limit = Math.min(limit * 2, MAX_CHUNKS)) {
    const chunks = await read(db, scope, nextId, limit);
    for (const chunk of chunks) {
      yield chunk;
      // To make text of a chunk takes milliseconds: others have their turn in between.
      await setImmediate();
    }
    const last = chunks.at(-1);
    if (last === undefined || chunks.length < limit) return;
    nextId = direction === 'forwards' ? last.id + 1 : last.id - 1;
  }
}

/** The lines of a chunk beyond a position, in the direction gone. */
export function linesBeyond(chunk: StoredLogChunk, start: LogPosition, direction: LogDirection): PlacedLogLine[] {
  const lines = logLinesOf(chunk);
  return direction === 'forwards'
    ? lines.filter((line) => isBehind(line, start))
    : lines.filter((line) => isAhead(line, start)).toReversed();
}
