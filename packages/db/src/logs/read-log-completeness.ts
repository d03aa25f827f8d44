import { and, eq, exists, isNull, not, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobs } from '../schema/jobs.js';
import { pods } from '../schema/pods.js';

/**
 * Whether no line of the job can come any more: it has ended, and so has the log of each attempt. Undefined where the
 * organization has no such job.
 */
export async function readLogCompleteness(
  db: Queryable,
  organizationId: string,
  jobId: string,
): Promise<boolean | undefined> {
  const openLog = db
    .select({ one: sql`1` })
    .from(pods)
    .where(and(eq(pods.jobId, jobs.id), eq(pods.logComplete, false)));
  const logging = sql`(${jobs.spec} ->> 'enableLogging')::boolean`;
  const [row] = await db
    .select({ complete: sql<boolean>`${jobs.finishedAt} is not null and (not ${logging} or ${not(exists(openLog))})` })
    .from(jobs)
    .where(and(eq(jobs.organizationId, organizationId), eq(jobs.id, jobId), isNull(jobs.deletedAt)));
  return row?.complete;
}
