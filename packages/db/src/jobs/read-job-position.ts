import { and, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobs } from '../schema/jobs.js';

/** How far a job has come. */
export interface JobPosition {
  /** Number of its newest event. */
  readonly eventSequence: number;
  /** No event follows. */
  readonly ended: boolean;
}

/** The little of a job's row that says whether there is more to read; undefined where the organization has no such job. */
export async function readJobPosition(
  db: Queryable,
  organizationId: string,
  jobId: string,
): Promise<JobPosition | undefined> {
  const [row] = await db
    .select({ eventSequence: jobs.eventSequence, finishedAt: jobs.finishedAt })
    .from(jobs)
    .where(and(eq(jobs.organizationId, organizationId), eq(jobs.id, jobId), isNull(jobs.deletedAt)));
  return row && { eventSequence: row.eventSequence, ended: row.finishedAt !== null };
}
