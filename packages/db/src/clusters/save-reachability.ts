import { eq, sql } from 'drizzle-orm';
import { holdClusterLease, type ClusterLease } from './cluster-lease.js';
import type { Queryable } from '../connection/database.js';
import type { RecordedChange } from '../life/locked-job.js';
import { recordEvent } from '../life/record-event.js';
import { clusters } from '../schema/clusters.js';

/** The cluster answers. Throws `LeaseLost`. */
export async function saveClusterSeen(tx: Queryable, lease: ClusterLease, version: string): Promise<void> {
  await holdClusterLease(tx, lease);
  await tx
    .update(clusters)
    .set({ lastSeenAt: sql`now()`, unreachableSince: null, unreachableMessage: null, kubernetesVersion: version })
    .where(eq(clusters.id, lease.clusterId));
}

/** It does not; `message` says how that shows. Throws `LeaseLost`. */
export async function saveClusterUnreachable(tx: Queryable, lease: ClusterLease, message: string): Promise<void> {
  await holdClusterLease(tx, lease);
  await tx
    .update(clusters)
    .set({ unreachableSince: sql`coalesce(${clusters.unreachableSince}, now())`, unreachableMessage: message })
    .where(eq(clusters.id, lease.clusterId));
}

/** Tells jobs of the lease's cluster that it cannot be reached. Throws `LeaseLost`. */
export async function recordUnreachable(
  tx: Queryable,
  lease: ClusterLease,
  jobIds: readonly string[],
  message: string,
): Promise<RecordedChange[]> {
  await holdClusterLease(tx, lease);
  const changes: RecordedChange[] = [];
  // In one order everywhere, so that two transactions never wait for each other's rows.
  for (const jobId of jobIds.toSorted()) {
    const change = await recordEvent(tx, jobId, { type: 'CLUSTER_UNREACHABLE', message });
    if (change !== undefined) changes.push(change);
  }
  return changes;
}
