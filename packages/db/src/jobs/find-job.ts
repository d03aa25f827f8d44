import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobs } from '../schema/jobs.js';

export type JobRow = typeof jobs.$inferSelect;

/** The job, where the organization has it and has not deleted it. */
export async function findJob(db: Queryable, organizationId: string, jobId: string): Promise<JobRow | undefined> {
  const [row] = await findJobs(db, organizationId, [jobId]);
  return row;
}

/** Those of the given jobs that the organization has, in any order. */
export async function findJobs(db: Queryable, organizationId: string, jobIds: readonly string[]): Promise<JobRow[]> {
  return db
    .select()
    .from(jobs)
    .where(and(eq(jobs.organizationId, organizationId), inArray(jobs.id, [...jobIds]), isNull(jobs.deletedAt)));
}

export async function findJobByName(db: Queryable, organizationId: string, name: string): Promise<JobRow | undefined> {
  const [row] = await db
    .select()
    .from(jobs)
    .where(and(eq(jobs.organizationId, organizationId), eq(jobs.name, name), isNull(jobs.deletedAt)));
  return row;
}
