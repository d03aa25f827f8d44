import { releaseClusterLease, takeClusterLease, type CannotOpen, type WatchedCluster } from '@ccluster/db';
import { LEASE_MS } from './cluster/watch-cluster.js';
import { tellUnreachable } from './cluster/watch-reachability.js';
import type { WatchClustersOptions } from './watch-clusters.js';

interface Unreadable {
  readonly sinceMs: number;
  isTold: boolean;
}

/**
 * Clusters whose credentials this watcher cannot read. It leaves them to one that can; where none takes such a cluster
 * for as long as silence is put up with, it is unreachable: so say its row and its jobs, until somebody watches it.
 */
export interface UnreadableClusters {
  leave(cluster: WatchedCluster, error: CannotOpen): Promise<void>;
  /** It can be read, or another watches it. */
  forget(clusterId: string): void;
}

export function createUnreadableClusters(options: WatchClustersOptions): UnreadableClusters {
  const { log, nowMs, unreachableAfterMs } = options;
  const known = new Map<string, Unreadable>();
  return {
    leave: async (cluster, error) => {
      const unreadable = known.get(cluster.id);
      if (unreadable === undefined) {
        log.error({ cluster: cluster.name, clusterId: cluster.id, error }, 'the cluster is left to other watchers');
        known.set(cluster.id, { sinceMs: nowMs(), isTold: false });
      } else if (!unreadable.isTold && nowMs() - unreadable.sinceMs >= unreachableAfterMs) {
        unreadable.isTold = await tell(options, cluster, error);
      }
    },
    forget: (clusterId) => void known.delete(clusterId),
  };
}

/** @returns false where another has just taken it */
async function tell(options: WatchClustersOptions, cluster: WatchedCluster, error: CannotOpen): Promise<boolean> {
  const { database, announcer, watcherName } = options;
  const lease = await takeClusterLease(database.db, cluster.id, watcherName, LEASE_MS);
  if (lease === undefined) return false;
  try {
    const announce = announcer.change.bind(announcer);
    const message = `The cluster cannot be reached: its credentials cannot be read: ${error.message}`;
    await tellUnreachable({ database, lease, announce }, message);
  } finally {
    await releaseClusterLease(database.db, lease);
  }
  return true;
}
