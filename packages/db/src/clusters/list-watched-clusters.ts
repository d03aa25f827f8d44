import { asc, eq, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { clusterLeases, clusters } from '../schema/clusters.js';

/** What a watcher needs to know of a cluster. */
export interface WatchedCluster {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** uid of kube-system as it was at registration: another one is another cluster. */
  readonly systemUid: string;
  /** Sealed, context `clusters:<id>:reader`. */
  readonly readerCredentials: Buffer;
  readonly unreachable: boolean;
  /** Until its lease can be taken by who asks, milliseconds; 0: now. */
  readonly leaseFreeInMs: number;
}

/**
 * Every registered cluster that is not removed, those with the lease longest free first.
 * @param watcherName of who asks: a lease of its own is free to it
 */
export async function listWatchedClusters(db: Queryable, watcherName: string): Promise<WatchedCluster[]> {
  const freeInMs = sql<number>`case when ${clusterLeases.holder} = ${watcherName} then 0
    else greatest(0, coalesce(ceil(extract(epoch from ${clusterLeases.expiresAt} - now()) * 1000), 0)) end`;
  return db
    .select({
      id: clusters.id,
      name: clusters.name,
      namespace: clusters.namespace,
      systemUid: clusters.systemUid,
      readerCredentials: clusters.readerCredentials,
      unreachable: sql<boolean>`${clusters.unreachableSince} is not null`,
      leaseFreeInMs: freeInMs.mapWith(Number),
    })
    .from(clusters)
    .leftJoin(clusterLeases, eq(clusterLeases.clusterId, clusters.id))
    .where(isNull(clusters.removedAt))
    .orderBy(asc(clusterLeases.expiresAt), asc(clusters.id));
}
