import { and, asc, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { clusters } from '../schema/clusters.js';

const columns = {
  id: clusters.id,
  organizationId: clusters.organizationId,
  name: clusters.name,
  displayName: clusters.displayName,
  region: clusters.region,
  provider: clusters.provider,
  namespace: clusters.namespace,
  draining: clusters.draining,
  drainingSince: clusters.drainingSince,
  autoscaling: clusters.autoscaling,
  kubernetesVersion: clusters.kubernetesVersion,
  lastSeenAt: clusters.lastSeenAt,
  unreachableSince: clusters.unreachableSince,
  unreachableMessage: clusters.unreachableMessage,
  capacity: clusters.capacity,
  createdAt: clusters.createdAt,
  silentForMs:
    sql<number>`extract(epoch from now() - coalesce(${clusters.lastSeenAt}, ${clusters.createdAt})) * 1000`.mapWith(
      Number,
    ),
};

/** A cluster without its credentials. */
export interface ClusterRow extends Omit<
  typeof clusters.$inferSelect,
  'credentials' | 'readerCredentials' | 'systemUid' | 'removedAt' | 'forgottenAt'
> {
  /** Since a watcher last heard from it, or since it was registered. */
  readonly silentForMs: number;
}

/** The clusters an organization sees: managed ones and its own, not those removed. By name. */
export async function listClusters(db: Queryable, organizationId: string): Promise<ClusterRow[]> {
  return db
    .select(columns)
    .from(clusters)
    .where(isVisibleTo(organizationId))
    .orderBy(asc(clusters.name), asc(clusters.id));
}

/** Those of the given clusters that the organization sees, in any order. */
export async function findClusters(
  db: Queryable,
  organizationId: string,
  clusterIds: readonly string[],
): Promise<ClusterRow[]> {
  return db
    .select(columns)
    .from(clusters)
    .where(and(isVisibleTo(organizationId), inArray(clusters.id, [...clusterIds])));
}

/** The rule of who sees a cluster, for queries on its table. */
export function isVisibleTo(organizationId: string): SQL | undefined {
  return and(
    isNull(clusters.removedAt),
    or(isNull(clusters.organizationId), eq(clusters.organizationId, organizationId)),
  );
}
