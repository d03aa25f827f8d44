import {
  abandonJobs,
  findClusterAccess,
  forgetCluster,
  listOrganizationIds,
  listRemovedClusters,
  mayStillBePostedTo,
  withTransaction,
  type ClusterAccess,
  type RemovedCluster,
} from '@ccluster/db';
import pMap from 'p-map';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { ClusterWriter } from '../cluster/cluster-writer.js';
import { withCluster, type DispatchContext } from '../dispatch-context.js';
import { namespacesOf } from '../reconcile/reconcile-cluster.js';
import { withTimeLimit } from '../time-limit.js';

const JOBS_AT_ONCE = 50;
const CLUSTERS_AT_ONCE = 8;
const CLEANING_LIMIT_MS = 20_000;
/** A cluster that is removed because it is gone for good is not to keep its credentials here by that. */
const LONGEST_CLEANING_MS = 300_000;

/**
 * For each cluster that callers have removed: ends the jobs that are left there, deletes what is ours in it where it can
 * be reached, and then forgets its credentials; those in any case after 5 minutes. May be repeated, and done by several.
 */
export async function removeClusters(context: DispatchContext, signal: AbortSignal): Promise<void> {
  const removed = await listRemovedClusters(context.database.db);
  await pMap(removed, (each) => removeOrSkip(context, each, signal), { concurrency: CLUSTERS_AT_ONCE, signal });
}

/** One that fails must not keep the others; the next pass tries it again. */
async function removeOrSkip(context: DispatchContext, removed: RemovedCluster, signal: AbortSignal): Promise<void> {
  try {
    await endJobs(context, removed.id, signal);
    if (!(await isClean(context, removed, signal))) return;
    if (await withTransaction(context.database, (tx) => forgetCluster(tx, removed.id)))
      context.log.info({ clusterId: removed.id }, 'A removed cluster is forgotten');
  } catch (error) {
    signal.throwIfAborted();
    context.log.warn({ clusterId: removed.id, error }, 'A cluster could not be removed yet');
  }
}

async function endJobs(context: DispatchContext, clusterId: string, signal: AbortSignal): Promise<void> {
  const cluster = await findClusterAccess(context.database.db, clusterId);
  const message = `${cluster?.name ?? clusterId} was removed while the job was there; what became of it is not known`;
  const endSome = () => withTransaction(context.database, (tx) => abandonJobs(tx, clusterId, message, JOBS_AT_ONCE));
  for (let changes = await endSome(); changes.length > 0; changes = await endSome()) {
    for (const change of changes) {
      context.publish(change);
      context.hint(change);
    }
    signal.throwIfAborted();
  }
}

/** @returns whether its credentials are needed no more */
async function isClean(context: DispatchContext, removed: RemovedCluster, signal: AbortSignal): Promise<boolean> {
  if (removed.removedForMs > LONGEST_CLEANING_MS) return true;
  const { db } = context.database;
  const cluster = await findClusterAccess(db, removed.id);
  if (cluster === undefined) return false;
  const namespaces = namespacesOf(cluster, await listOrganizationIds(db));
  // Asked first: what is posted after this answer was posted by nobody who could still post.
  const isLate = await mayStillBePostedTo(db, removed.id);
  const isEmpty = await withTimeLimit(CLEANING_LIMIT_MS, signal, (limited) =>
    withCluster(context, { clusterId: removed.id }, limited, (writer) => clean(writer, cluster, namespaces, limited)),
  );
  return isEmpty && !isLate;
}

/** @returns whether there was nothing of ours */
async function clean(
  writer: ClusterWriter,
  { id }: ClusterAccess,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  let found = 0;
  for (const namespace of namespaces) {
    try {
      for await (const page of writer.listJobs(namespace, signal)) {
        const ours = page.filter((seen) => seen.clusterId === id);
        found += ours.length;
        for (const seen of ours) if (!seen.deleting) await writer.deleteJob(seen, signal);
      }
    } catch (error) {
      // A namespace that is not there, or not ours any more, holds nothing that could be deleted.
      if (!(error instanceof ClusterFault) || error.kind !== 'NAMESPACE_REFUSED') throw error;
    }
  }
  return found === 0;
}
