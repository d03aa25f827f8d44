import { and, eq, exists, isNotNull, not, sql } from 'drizzle-orm';
import type { Queryable } from './database.js';
import { jobs } from './schema/jobs.js';
import { pods } from './schema/pods.js';

/** Whether no line of the job can come any more: it has ended, and so has the log of each attempt. */
export async function isJobLogComplete(db: Queryable, jobId: string): Promise<boolean> {
  const openPod = db
    .select({ one: sql`1` })
    .from(pods)
    .where(and(eq(pods.jobId, jobs.id), eq(pods.logComplete, false)));
  const logging = sql`(${jobs.spec} ->> 'enableLogging')::boolean`;
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.id, jobId), isNotNull(jobs.finishedAt), not(and(logging, exists(openPod))!)));
  return rows.length > 0;
}
