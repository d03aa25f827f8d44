import { listClusterAccess, listOrganizationIds } from '@ccluster/db';
import { ClusterFault } from '../cluster/cluster-fault.js';
import { withCluster, type DispatchContext } from '../dispatch-context.js';
import { namespacesOf, reconcileCluster, type FirstSeen } from './reconcile-cluster.js';

const CLUSTER_LIMIT_MS = 50_000;

/** One pass over all clusters after the other; a cluster that cannot be reached is left for the next pass. */
export function createReconciler(context: DispatchContext): (signal: AbortSignal) => Promise<void> {
  let firstSeen = new Map<string, FirstSeen>();
  return async (signal) => {
    const { db } = context.database;
    const clusters = await listClusterAccess(db);
    const organizationIds = await listOrganizationIds(db);
    const seenNow = new Map<string, FirstSeen>();
    for (const cluster of clusters) {
      const before = firstSeen.get(cluster.id) ?? new Map<string, number>();
      const limit = AbortSignal.any([signal, AbortSignal.timeout(CLUSTER_LIMIT_MS)]);
      const namespaces = namespacesOf(cluster, organizationIds);
      const pass = withCluster(context, cluster.id, limit, (writer) => {
        const { log } = context;
        return reconcileCluster({ db, writer, cluster, namespaces, nowMs: context.nowMs(), log }, before, limit);
      });
      seenNow.set(cluster.id, await pass.catch((error: unknown) => keepAges(context, cluster.name, error, before)));
    }
    firstSeen = seenNow;
  };
}

function keepAges(context: DispatchContext, cluster: string, error: unknown, before: FirstSeen): FirstSeen {
  if (!(error instanceof ClusterFault)) throw error;
  context.log.warn({ cluster, reason: error.message }, 'A cluster was not reconciled');
  return before;
}
