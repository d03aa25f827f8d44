import { and, asc, eq, gt, lt } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { decodeLogChunk, encodeLogChunk } from './log-chunk.js';
import { logChunks, logStreams } from '../schema/logs.js';

/** Rows that one transaction deletes: it must be over long before any limit on its time. */
const CHUNKS_AT_ONCE = 500;

/**
 * Deletes the oldest chunks of a complete log, and leaves a gap in their place that says so, with the id and the last
 * number of the newest of them: lines after it keep their numbers, and cursors hold. To be called again until it says
 * that nothing is left to be done. Safe to be called twice at once.
 * @param message why, for whoever reads the log
 * @returns whether lines of it are left
 */
export async function expireLog(tx: Queryable, podId: string, message: string): Promise<boolean> {
  const [stream] = await tx
    .select({ podId: logStreams.podId })
    .from(logStreams)
    .where(and(eq(logStreams.podId, podId), gt(logStreams.bytes, 0)))
    .for('update', { skipLocked: true });
  if (stream === undefined) return false;
  const oldest = await tx
    .select({ id: logChunks.id })
    .from(logChunks)
    .where(eq(logChunks.podId, podId))
    .orderBy(asc(logChunks.id))
    .limit(CHUNKS_AT_ONCE);
  const newest = oldest.at(-1);
  if (newest !== undefined) await replaceChunks(tx, podId, newest.id, message);
  if (oldest.length === CHUNKS_AT_ONCE) return true;
  await tx.update(logStreams).set({ bytes: 0 }).where(eq(logStreams.podId, podId));
  return false;
}

async function replaceChunks(tx: Queryable, podId: string, newestId: number, message: string): Promise<void> {
  const [newest] = await tx.select().from(logChunks).where(eq(logChunks.id, newestId));
  if (newest === undefined) return;
  const lines = newest.firstNumber + newest.lineCount - 1;
  const stamp = decodeLogChunk(newest.body).at(-1)?.stamp ?? newest.storedAt.toISOString();
  const body = encodeLogChunk([{ kind: 'gap', stamp, code: 'LOG_EXPIRED', message, lines }]);
  await tx.delete(logChunks).where(and(eq(logChunks.podId, podId), lt(logChunks.id, newestId)));
  await tx.update(logChunks).set({ firstNumber: lines, lineCount: 1, body }).where(eq(logChunks.id, newestId));
}
