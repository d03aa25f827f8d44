import { asc, inArray, lt, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobDeletions } from '../schema/jobs.js';

/** To be called in the transaction that hides the job, so that `jobUpdates` tells of it even when its row has gone. */
export async function insertJobDeletion(
  tx: Queryable,
  job: { readonly id: string; readonly organizationId: string },
): Promise<void> {
  await tx.insert(jobDeletions).values({ jobId: job.id, organizationId: job.organizationId });
}

/**
 * Forgets deletions that no cursor in force can lie before: a cursor holds for 7 days, and the eighth is for clocks that
 * differ. Safe to run at the same time twice.
 * @returns how many were forgotten; less than `limit`: there are no more
 */
export async function forgetOldJobDeletions(db: Queryable, limit: number): Promise<number> {
  const old = db
    .select({ jobId: jobDeletions.jobId })
    .from(jobDeletions)
    .where(lt(jobDeletions.deletedAt, sql`now() - interval '8 days'`))
    .orderBy(asc(jobDeletions.deletedAt))
    .limit(limit)
    .for('update', { skipLocked: true });
  const { rowCount } = await db.delete(jobDeletions).where(inArray(jobDeletions.jobId, old));
  return rowCount ?? 0;
}
