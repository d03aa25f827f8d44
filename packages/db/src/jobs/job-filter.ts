import type { JobStatus } from '@ccluster/domain';
import { arrayContains, arrayOverlaps, eq, gt, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { jobs } from '../schema/jobs.js';

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

/** The organization's jobs that match, and are not deleted. */
export function matches(organizationId: string, filter: JobListFilter): SQL {
  const { statuses, clusterId } = filter;
  return all(
    matchesForEver(organizationId, filter),
    statuses && inArray(jobs.status, [...statuses]),
    clusterId === undefined ? undefined : eq(jobs.clusterId, clusterId),
  );
}

/** Those that match, or may have matched before: a job changes its status and, until it is sent there, its cluster. */
export function everMatched(organizationId: string, filter: JobListFilter): SQL {
  const { statuses, clusterId } = filter;
  return all(
    matchesForEver(organizationId, filter),
    statuses && or(inArray(jobs.status, [...statuses]), arrayOverlaps(jobs.pastStatuses, [...statuses])),
    clusterId === undefined
      ? undefined
      : or(eq(jobs.clusterId, clusterId), arrayContains(jobs.pastClusterIds, [clusterId])),
  );
}

function matchesForEver(organizationId: string, filter: JobListFilter): SQL {
  const { createdBy, nameContains, createdAfter, createdBefore } = filter;
  return all(
    eq(jobs.organizationId, organizationId),
    isNull(jobs.deletedAt),
    createdBy === undefined ? undefined : eq(jobs.createdBy, createdBy),
    // Not LIKE: its wildcards are ordinary characters here.
    nameContains === undefined ? undefined : sql`strpos(${jobs.name}, ${nameContains}) > 0`,
    createdAfter && gt(jobs.createdAt, createdAfter),
    createdBefore && lt(jobs.createdAt, createdBefore),
  );
}

function all(...conditions: readonly (SQL | undefined)[]): SQL {
  const given = conditions.filter((condition) => condition !== undefined);
  return sql`(${sql.join(given, sql` and `)})`;
}
