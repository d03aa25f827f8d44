import { findPredecessors, listClusterAccess, listOrganizationIds, type ClusterAccess } from '@ccluster/db';
import pMap from 'p-map';
import { withCluster, type DispatchContext } from '../dispatch-context.js';
import { withTimeLimit } from '../time-limit.js';
import { namespacesOf, reconcileCluster, type FirstSeen } from './reconcile-cluster.js';

const CLUSTER_LIMIT_MS = 50_000;
const CLUSTERS_AT_ONCE = 16;

/**
 * Reconciles all clusters, several at once: one that hangs does not hold up the others. What has been seen is remembered
 * from one pass to the next.
 */
export function createReconciler(context: DispatchContext): (signal: AbortSignal) => Promise<void> {
  let firstSeen: ReadonlyMap<string, FirstSeen> = new Map();
  return async (signal) => {
    const { db } = context.database;
    const clusters = (await listClusterAccess(db)).filter(({ isRemoved }) => !isRemoved);
    const organizationIds = await listOrganizationIds(db);
    const reconcile = async (cluster: ClusterAccess) => {
      const before = firstSeen.get(cluster.id) ?? new Map<string, number>();
      return [cluster.id, await reconcileOrSkip(context, cluster, organizationIds, before, signal)] as const;
    };
    firstSeen = new Map(await pMap(clusters, reconcile, { concurrency: CLUSTERS_AT_ONCE }));
  };
}

/** One that cannot be reached must not keep the others from being reconciled; the next pass tries it again. */
async function reconcileOrSkip(
  context: DispatchContext,
  cluster: ClusterAccess,
  organizationIds: readonly string[],
  before: FirstSeen,
  signal: AbortSignal,
): Promise<FirstSeen> {
  const { log, nowMs } = context;
  const { db } = context.database;
  const namespaces = namespacesOf(cluster, organizationIds);
  try {
    const predecessors = await findPredecessors(db, cluster);
    return await withTimeLimit(CLUSTER_LIMIT_MS, signal, (limited) =>
      withCluster(context, { clusterId: cluster.id }, limited, (writer) =>
        reconcileCluster({ db, writer, cluster, namespaces, predecessors, nowMs: nowMs(), log }, before, limited),
      ),
    );
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ cluster: cluster.name, error }, 'A cluster was not reconciled');
    return before;
  }
}
