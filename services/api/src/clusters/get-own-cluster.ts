import { findClusters, findInstanceTypes, type ClusterRow, type InstanceTypeRow } from '@ccluster/db';
import { DomainError, isStorable } from '@ccluster/domain';
import { requireRole, type Principal } from '../access/principal.js';
import type { Services } from '../services.js';

/**
 * A cluster that the caller may change: a private one of its organization; as OPERATOR a managed one. Throws NOT_FOUND,
 * for another organization's as for one that is not there, and FORBIDDEN.
 */
export async function getOwnCluster(
  { database }: Pick<Services, 'database'>,
  principal: Principal,
  id: string,
): Promise<ClusterRow> {
  requireRole(principal, 'ADMIN');
  const [cluster] = isStorable(id) ? await findClusters(database.db, principal.organizationId, [id]) : [];
  if (cluster === undefined) throw noCluster(id);
  if (cluster.organizationId === null) requireRole(principal, 'OPERATOR');
  return cluster;
}

/** An instance type of such a cluster. Throws NOT_FOUND, FORBIDDEN. */
export async function getOwnInstanceType(
  services: Pick<Services, 'database'>,
  principal: Principal,
  id: string,
): Promise<InstanceTypeRow> {
  requireRole(principal, 'ADMIN');
  const { db } = services.database;
  const [instanceType] = isStorable(id) ? await findInstanceTypes(db, principal.organizationId, [id]) : [];
  if (instanceType === undefined) throw noInstanceType(id);
  await getOwnCluster(services, principal, instanceType.clusterId);
  return instanceType;
}

export function noCluster(id: string): DomainError {
  return new DomainError('NOT_FOUND', `There is no cluster ${JSON.stringify(id)}`);
}

export function noInstanceType(id: string): DomainError {
  return new DomainError('NOT_FOUND', `There is no instance type ${JSON.stringify(id)}`);
}
