import { and, inArray, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../connection/database.js';
import type { JobRow } from './find-job.js';
import { everMatched, matches, type JobListFilter } from './job-filter.js';
import { jobDeletions, jobs } from '../schema/jobs.js';

/** A place in the order of all changes of jobs: behind the job of that id in the transaction of that number. */
export interface JobUpdatePosition {
  readonly xid: string;
  /** '': before the first job of the transaction. */
  readonly jobId: string;
}

export interface JobUpdate extends JobUpdatePosition {
  readonly deleted: boolean;
}

export interface JobUpdates {
  /** Ascending; of each job only its newest change. */
  readonly updates: readonly JobUpdate[];
  /** There are more, which follow once transactions that are still open have ended. */
  readonly heldBack: boolean;
}

/**
 * The next changes of an organization's jobs. A change is held back while a transaction is open that began before it:
 * that one may still commit, and its changes come first.
 */
export async function listJobUpdates(
  db: Queryable,
  organizationId: string,
  after: JobUpdatePosition,
  limit: number,
): Promise<JobUpdates> {
  const isNext = (organization: PgColumn, xid: PgColumn, jobId: PgColumn) =>
    sql`${organization} = ${organizationId} and (${xid}, ${jobId}) > (${after.xid}::xid8, ${after.jobId})
      order by ${xid}, ${jobId} limit ${limit}`;
  const { rows } = await db.execute<{ xid: string; jobId: string; deleted: boolean; settled: boolean }>(sql`
    select xid, "jobId", deleted, xid < pg_snapshot_xmin(pg_current_snapshot()) as settled from (
      (select ${jobs.updatedXid} as xid, ${jobs.id} as "jobId", false as deleted from ${jobs}
        where ${jobs.deletedAt} is null and ${isNext(jobs.organizationId, jobs.updatedXid, jobs.id)})
      union all
      (select ${jobDeletions.updatedXid}, ${jobDeletions.jobId}, true from ${jobDeletions}
        where ${isNext(jobDeletions.organizationId, jobDeletions.updatedXid, jobDeletions.jobId)})
    ) as changes order by xid, "jobId" limit ${limit}`);
  const settled = rows.filter((row) => row.settled);
  return {
    updates: settled.map(({ xid, jobId, deleted }) => ({ xid, jobId, deleted })),
    heldBack: settled.length < rows.length,
  };
}

/** As of now, at the end of all changes that `listJobUpdates` would give. */
export interface JobUpdatesEnd {
  /** Of the PostgreSQL instance that numbers the transactions. */
  readonly systemId: string;
  readonly position: JobUpdatePosition;
}

export async function readJobUpdatesEnd(db: Queryable): Promise<JobUpdatesEnd> {
  const { rows } = await db.execute<{ systemId: string; xid: string }>(sql`
    select system_identifier::text as "systemId", pg_snapshot_xmin(pg_current_snapshot())::text as xid
    from pg_control_system()`);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL did not tell which transactions are open');
  return { systemId: row.systemId, position: { xid: row.xid, jobId: '' } };
}

export interface FilteredJob {
  readonly job: JobRow;
  readonly matches: boolean;
}

/** Those of the given jobs that match the filter, or do not and may have matched it before; in any order. */
export async function findFilteredJobs(
  db: Queryable,
  organizationId: string,
  filter: JobListFilter,
  jobIds: readonly string[],
): Promise<FilteredJob[]> {
  return db
    .select({ job: jobs, matches: sql<boolean>`coalesce(${matches(organizationId, filter)}, false)` })
    .from(jobs)
    .where(and(inArray(jobs.id, [...jobIds]), everMatched(organizationId, filter)));
}
