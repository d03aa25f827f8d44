import { and, asc, count, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import type { PodRow } from './save-pods.js';
import { jobs } from '../schema/jobs.js';
import { pods } from '../schema/pods.js';

/** The pods of a job, or of one of its tasks. */
export interface PodListFilter {
  readonly jobId: string;
  readonly index?: number | undefined;
}

export interface PodListPage {
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** A page of pods, oldest first. */
export async function listPods(db: Queryable, filter: PodListFilter, page: PodListPage): Promise<PodRow[]> {
  return db
    .select()
    .from(pods)
    .where(and(matches(filter), isBehind(page)))
    .orderBy(asc(pods.createdAt), asc(pods.id))
    .limit(page.limit);
}

export async function countPods(db: Queryable, filter: PodListFilter): Promise<number> {
  const [row] = await db.select({ count: count() }).from(pods).where(matches(filter));
  return row?.count ?? 0;
}

/** All attempts at the given tasks, of one job or several, first to last in each. */
export async function listAttempts(
  db: Queryable,
  tasks: readonly { readonly jobId: string; readonly index: number }[],
): Promise<PodRow[]> {
  const jobIds = sql.param(tasks.map((task) => task.jobId));
  const indexes = sql.param(tasks.map((task) => task.index));
  return db
    .select()
    .from(pods)
    .where(sql`(${pods.jobId}, ${pods.index}) in (select * from unnest(${jobIds}::text[], ${indexes}::int[]))`)
    .orderBy(asc(pods.jobId), asc(pods.index), asc(pods.attempt));
}

/** Those of the given pods whose job the organization has, in any order. */
export async function findPods(db: Queryable, organizationId: string, podIds: readonly string[]): Promise<PodRow[]> {
  const rows = await db
    .select({ pod: pods })
    .from(pods)
    .innerJoin(jobs, eq(jobs.id, pods.jobId))
    .where(and(eq(jobs.organizationId, organizationId), isNull(jobs.deletedAt), inArray(pods.id, [...podIds])));
  return rows.map((row) => row.pod);
}

function matches({ jobId, index }: PodListFilter): SQL | undefined {
  return and(eq(pods.jobId, jobId), index === undefined ? undefined : eq(pods.index, index));
}

function isBehind({ after }: PodListPage): SQL | undefined {
  if (after === undefined) return undefined;
  return sql`(${pods.createdAt}, ${pods.id}) > (${after.createdAt.toISOString()}::timestamptz, ${after.id})`;
}
