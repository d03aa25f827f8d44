import type { JobStatus } from '@ccluster/domain';
import { and, asc, count, desc, eq, gt, inArray, isNull, lt, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from './database.js';
import type { JobRow } from './find-job.js';
import { jobs } from './schema/jobs.js';

/** All that is given must hold; undefined: any. */
export interface JobListFilter {
  readonly statuses?: readonly JobStatus[] | undefined;
  readonly clusterId?: string | undefined;
  readonly createdBy?: string | undefined;
  readonly nameContains?: string | undefined;
  /** Later than this. */
  readonly createdAfter?: Date | undefined;
  /** Earlier than this. */
  readonly createdBefore?: Date | undefined;
}

export interface JobListPage {
  readonly order: 'newest first' | 'oldest first';
  /** The last job of the page before. */
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** A page of an organization's jobs. */
export async function listJobs(
  db: Queryable,
  organizationId: string,
  filter: JobListFilter,
  page: JobListPage,
): Promise<JobRow[]> {
  const direction = page.order === 'newest first' ? desc : asc;
  return db
    .select()
    .from(jobs)
    .where(and(matches(organizationId, filter), isBehind(page)))
    .orderBy(direction(jobs.createdAt), direction(jobs.id))
    .limit(page.limit);
}

export async function countJobs(db: Queryable, organizationId: string, filter: JobListFilter): Promise<number> {
  const [row] = await db.select({ count: count() }).from(jobs).where(matches(organizationId, filter));
  return row?.count ?? 0;
}

function matches(organizationId: string, filter: JobListFilter): SQL | undefined {
  const { statuses, clusterId, createdBy, nameContains, createdAfter, createdBefore } = filter;
  return and(
    eq(jobs.organizationId, organizationId),
    isNull(jobs.deletedAt),
    statuses && inArray(jobs.status, [...statuses]),
    clusterId === undefined ? undefined : eq(jobs.clusterId, clusterId),
    createdBy === undefined ? undefined : eq(jobs.createdBy, createdBy),
    // Not LIKE: its wildcards are ordinary characters here.
    nameContains === undefined ? undefined : sql`strpos(${jobs.name}, ${nameContains}) > 0`,
    createdAfter && gt(jobs.createdAt, createdAfter),
    createdBefore && lt(jobs.createdAt, createdBefore),
  );
}

/** One comparison of rows, so that the index on (organization, created_at, id) serves it. */
function isBehind({ order, after }: JobListPage): SQL | undefined {
  if (after === undefined) return undefined;
  const position = sql`(${after.createdAt.toISOString()}::timestamptz, ${after.id})`;
  return order === 'newest first'
    ? sql`(${jobs.createdAt}, ${jobs.id}) < ${position}`
    : sql`(${jobs.createdAt}, ${jobs.id}) > ${position}`;
}
