import type { LogRecord, StoredLogChunk } from '@ccluster/db';
import { renderLogText } from '@ccluster/domain';
import type { LogLine } from './log.type.js';

/** After the first `offset` records of a chunk, and all chunks before it. */
export interface LogPosition {
  readonly chunkId: number;
  readonly offset: number;
}

export interface PlacedLogLine {
  /** Right after the line. */
  readonly position: LogPosition;
  readonly line: LogLine;
}

export const LOG_START: LogPosition = { chunkId: 0, offset: 0 };

/** Behind everything: greater than any id of a chunk. */
export const LOG_END: LogPosition = { chunkId: Number.MAX_SAFE_INTEGER, offset: 0 };

/** The lines of a chunk as callers see them; a gap is a line of its own without text. */
export function logLinesOf(chunk: StoredLogChunk): PlacedLogLine[] {
  const { id, podId, index, attempt, firstNumber } = chunk;
  return chunk.records.map((record, i) => ({
    position: { chunkId: id, offset: i + 1 },
    line: { podId, index, attempt, number: firstNumber + i, at: record.stamp, ...contentOf(record) },
  }));
}

function contentOf(record: LogRecord): Pick<LogLine, 'text' | 'continued' | 'gapBefore'> {
  if (record.kind === 'line') {
    return { text: renderLogText(record.bytes), continued: record.continued, gapBefore: null };
  }
  const { lines, code, message } = record;
  return { text: '', continued: false, gapBefore: { lines, code, message } };
}

/** Whether a line comes after a position. */
export function isBehind({ position }: PlacedLogLine, other: LogPosition): boolean {
  return position.chunkId > other.chunkId || (position.chunkId === other.chunkId && position.offset > other.offset);
}

/** Whether a line comes before the line that the position follows. */
export function isAhead({ position }: PlacedLogLine, other: LogPosition): boolean {
  return position.chunkId < other.chunkId || (position.chunkId === other.chunkId && position.offset < other.offset);
}

/** Cuts lines into runs of at most `maxLines` lines and about `maxCharacters` characters, each of one line at least. */
export function inBatches(lines: readonly PlacedLogLine[], maxLines: number, maxCharacters: number): PlacedLogLine[][] {
  const batches: PlacedLogLine[][] = [];
  let batch: PlacedLogLine[] = [];
  let characters = 0;
  for (const placed of lines) {
    batch.push(placed);
    characters += placed.line.text.length;
    if (batch.length < maxLines && characters < maxCharacters) continue;
    batches.push(batch);
    batch = [];
    characters = 0;
  }
  return batch.length === 0 ? batches : [...batches, batch];
}
