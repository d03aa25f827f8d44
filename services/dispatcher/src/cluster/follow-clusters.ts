import type { ClusterAccess } from '@ccluster/db';
import type { ClusterConnections } from './cluster-connections.js';
import type { ClusterGate } from './cluster-gate.js';

/**
 * Has connections and rests follow the clusters as they are registered: one with new credentials is called at once, with
 * those, whatever the old ones came to, and so is one that the watcher reaches again.
 * @param wakeJobs makes the jobs due that wait for a cluster to answer
 */
export function createClusterFollower(
  connections: Pick<ClusterConnections, 'refresh'>,
  gate: Pick<ClusterGate, 'forget'>,
  wakeJobs: (clusterId: string) => Promise<unknown>,
): (registered: readonly ClusterAccess[]) => Promise<void> {
  let known: ReadonlyMap<string, ClusterAccess> = new Map();
  return async (registered) => {
    await connections.refresh(registered);
    const changed = registered.filter((cluster) => mayAnswerAgain(known.get(cluster.id), cluster));
    for (const { id } of changed) gate.forget(id);
    // Where this fails, they are woken when all this is done again.
    for (const { id } of changed) await wakeJobs(id);
    known = new Map(registered.map((cluster) => [cluster.id, cluster]));
  };
}

function mayAnswerAgain(before: ClusterAccess | undefined, now: ClusterAccess): boolean {
  if (before === undefined) return false;
  return !before.sealedCredentials.equals(now.sealedCredentials) || (before.isUnreachable && !now.isUnreachable);
}
