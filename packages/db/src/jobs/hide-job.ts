import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import type { JobRow } from './find-job.js';
import { insertJobDeletion } from './job-deletions.js';
import { jobs } from '../schema/jobs.js';

/**
 * Takes a job that has ended out of callers' sight and frees its name; a dispatcher removes the rest. Like a claim it
 * raises the epoch: whoever is cleaning up after the job at this moment can neither record that nor put it off.
 */
export async function hideJob(tx: Queryable, job: JobRow): Promise<JobRow> {
  const [hidden] = await tx
    .update(jobs)
    .set({ deletedAt: sql`now()`, dueAt: sql`now()`, leaseUntil: null, epoch: sql`${jobs.epoch} + 1` })
    .where(eq(jobs.id, job.id))
    .returning();
  if (hidden === undefined) throw new Error(`UPDATE of job ${job.id} returned no row`);
  await insertJobDeletion(tx, job);
  return hidden;
}
