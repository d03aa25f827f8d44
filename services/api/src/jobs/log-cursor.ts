import { z } from 'zod';
import { cursorForm, invalidCursor } from '../graphql/cursor.js';
import type { LogPosition } from './log-lines.js';

const logCursor = cursorForm(
  'logs',
  z.strictObject({ jobId: z.string(), chunkId: z.int().min(0), offset: z.int().min(0) }),
);

export function formatLogCursor(jobId: string, { chunkId, offset }: LogPosition): string {
  return logCursor.format({ jobId, chunkId, offset });
}

/** A cursor of a job's log holds for each task's and attempt's part of it. Throws CURSOR_INVALID for another job's. */
export function parseLogCursor(cursor: string, jobId: string): LogPosition {
  const position = logCursor.parse(cursor);
  if (position.jobId !== jobId) throw invalidCursor();
  return position;
}
