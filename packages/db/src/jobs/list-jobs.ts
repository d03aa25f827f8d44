import { and, asc, count, desc, eq, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import type { JobRow } from './find-job.js';
import { matches, type JobListFilter } from './job-filter.js';
import { jobs } from '../schema/jobs.js';

export interface JobListPage {
  readonly order: 'newest first' | 'oldest first';
  /** The last job of the page before. */
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/**
 * A page of an organization's jobs. Which ones is found in the index `jobs_listing` alone, and only their rows are
 * read: a filter that few of a million jobs match costs a walk through an index, not through the table.
 */
export async function listJobs(
  db: Queryable,
  organizationId: string,
  filter: JobListFilter,
  page: JobListPage,
): Promise<JobRow[]> {
  const direction = page.order === 'newest first' ? desc : asc;
  const found = db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(matches(organizationId, filter), isBehind(page)))
    .orderBy(direction(jobs.createdAt), direction(jobs.id))
    .limit(page.limit)
    .as('found');
  const rows = await db
    .select({ job: jobs })
    .from(found)
    .innerJoin(jobs, eq(jobs.id, found.id))
    .orderBy(direction(jobs.createdAt), direction(jobs.id));
  return rows.map(({ job }) => job);
}

/** Exact: a walk through the organization's part of an index. */
export async function countJobs(db: Queryable, organizationId: string, filter: JobListFilter): Promise<number> {
  const [row] = await db.select({ count: count() }).from(jobs).where(matches(organizationId, filter));
  return row?.count ?? 0;
}

/** One comparison of rows, so that the index on (organization, created_at, id) serves it. */
function isBehind({ order, after }: JobListPage): SQL | undefined {
  if (after === undefined) return undefined;
  const position = sql`(${after.createdAt.toISOString()}::timestamptz, ${after.id})`;
  return order === 'newest first'
    ? sql`(${jobs.createdAt}, ${jobs.id}) < ${position}`
    : sql`(${jobs.createdAt}, ${jobs.id}) > ${position}`;
}
