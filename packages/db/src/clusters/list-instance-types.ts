import { and, asc, eq, getTableColumns, inArray, isNull, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import type { InstanceTypeRow } from '../life/dispatcher-jobs.js';
import { isVisibleTo } from './list-clusters.js';
import { clusters } from '../schema/clusters.js';
import { instanceTypes } from '../schema/instance-types.js';

/** All instance types that an organization may use, by cluster and name. */
export async function listInstanceTypes(db: Queryable, organizationId: string): Promise<InstanceTypeRow[]> {
  return visible(db, organizationId, undefined);
}

/** Those of the given clusters that the organization may use, by cluster and name. */
export async function listInstanceTypesOf(
  db: Queryable,
  organizationId: string,
  clusterIds: readonly string[],
): Promise<InstanceTypeRow[]> {
  return visible(db, organizationId, inArray(instanceTypes.clusterId, [...clusterIds]));
}

/** Those with the given ids that the organization may use. */
export async function findInstanceTypes(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<InstanceTypeRow[]> {
  return visible(db, organizationId, inArray(instanceTypes.id, [...ids]));
}

function visible(db: Queryable, organizationId: string, condition: SQL | undefined): Promise<InstanceTypeRow[]> {
  return db
    .select(getTableColumns(instanceTypes))
    .from(instanceTypes)
    .innerJoin(clusters, eq(clusters.id, instanceTypes.clusterId))
    .where(and(isVisibleTo(organizationId), isNull(instanceTypes.removedAt), condition))
    .orderBy(asc(clusters.name), asc(clusters.id), asc(instanceTypes.name));
}
