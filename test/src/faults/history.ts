import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

import type { LogLine } from '@ccluster/client';

import type { HistoryEntry, LineOperation, NewHistoryEntry } from './history-entry.js';
import { readJsonLines } from './checker/json-lines.js';
import { looksLikeTestLine } from './test-lines.js';

export type * from './history-entry.js';

const BUFFER_CHARACTERS = 64 * 1024;

/** Where scenarios write down what they were answered, in the order in which they were. */
export interface History {
  /** Kept in memory for at most 64 KiB. */
  record(entry: NewHistoryEntry): void;
  close(): void;
}

/** A new file of JSON lines; one that is there is begun anew. */
export function createHistory(path: string): History {
  const file = openSync(path, 'w');
  let buffered = '';
  const flush = () => {
    writeSync(file, buffered);
    buffered = '';
  };
  return {
    record: (entry) => {
      buffered += `${JSON.stringify({ at: Date.now(), ...entry })}\n`;
      if (buffered.length >= BUFFER_CHARACTERS) flush();
    },
    close: () => {
      flush();
      closeSync(file);
    },
  };
}

/** One entry at a time, so that a history of any length can be read. */
export async function* readHistory(path: string): AsyncGenerator<HistoryEntry, void, void> {
  for await (const entry of readJsonLines(path)) yield entry as HistoryEntry;
}

/** The entry for a line of a batch of `followLogs`. */
export function lineEntry(subscriber: string, jobId: string, line: LogLine): LineOperation {
  const { podId, index, attempt, number, text, gapBefore } = line;
  const seen = { op: 'LINE', subscriber, jobId, podId, index, attempt, number } as const;
  if (gapBefore !== null && gapBefore !== undefined) return { ...seen, gap: gapBefore.code };
  return looksLikeTestLine(text) ? { ...seen, text } : { ...seen, hash: digestOf(text) };
}

/** Short, and the same for the same value: of an input, or of a text. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
