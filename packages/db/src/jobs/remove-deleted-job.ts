import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobEvents } from '../schema/job-events.js';
import { jobs } from '../schema/jobs.js';
import { logChunks } from '../schema/logs.js';
import { pods } from '../schema/pods.js';

/** Rows removed in one transaction: one that stays open for long holds up all who wait for changes of jobs. */
const BATCH = 5_000;

/**
 * Removes a deleted job with its logs, pods, events and secrets, the job's own row last: broken off at any point, what
 * is left is removed by the next call. The row stays where it is not deleted, or where another has claimed it since.
 */
export async function removeDeletedJob(
  db: Queryable,
  claim: { readonly id: string; readonly epoch: number },
  signal: AbortSignal,
): Promise<void> {
  for (const table of [logChunks, pods, jobEvents]) {
    for (let removed = BATCH; removed === BATCH;) {
      signal.throwIfAborted();
      const batch = sql`select ctid from ${table} where ${table.jobId} = ${claim.id} limit ${BATCH}`;
      const { rowCount } = await db.delete(table).where(sql`ctid = any(array(${batch}))`);
      removed = rowCount ?? 0;
    }
  }
  await db.delete(jobs).where(and(eq(jobs.id, claim.id), eq(jobs.epoch, claim.epoch), isNotNull(jobs.deletedAt)));
}
