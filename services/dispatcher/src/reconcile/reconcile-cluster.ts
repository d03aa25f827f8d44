import { findOwningJobs, type ClusterAccess, type Queryable } from '@ccluster/db';
import { namespaceFor } from '@ccluster/domain';
import type { Logger } from '@ccluster/runtime';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { ClusterWriter, SeenKubernetesJob } from '../cluster/cluster-writer.js';
import { judgeStray } from './judge-stray.js';

/** Since when each Kubernetes Job has been seen, by uid: ages are ours, since a cluster's clock may be wrong. */
export type FirstSeen = ReadonlyMap<string, number>;

export interface Reconciliation {
  readonly db: Queryable;
  readonly writer: ClusterWriter;
  readonly cluster: ClusterAccess;
  readonly namespaces: readonly string[];
  /** Ids that this cluster had before. */
  readonly predecessors: ReadonlySet<string>;
  readonly nowMs: number;
  readonly log: Logger;
}

/**
 * Compares the Kubernetes Jobs of this installation in one cluster with the jobs they were made for, and deletes what
 * dispatchers left behind that died, stalled or could not reach it.
 * @returns what was seen now, for the next time
 */
export async function reconcileCluster(
  reconciliation: Reconciliation,
  firstSeen: FirstSeen,
  signal: AbortSignal,
): Promise<FirstSeen> {
  const seenNow = new Map<string, number>();
  for (const namespace of reconciliation.namespaces) {
    try {
      for await (const page of reconciliation.writer.listJobs(namespace, signal)) {
        for (const seen of page) seenNow.set(seen.uid, firstSeen.get(seen.uid) ?? reconciliation.nowMs);
        await reconcilePage(reconciliation, page, seenNow, signal);
      }
    } catch (error) {
      if (!isOfOneAmongMany(error, reconciliation)) throw error;
    }
  }
  return seenNow;
}

/** Not every organization uses a managed cluster: where its namespace is not there, there is nothing to reconcile. */
function isOfOneAmongMany(error: unknown, { namespaces }: Reconciliation): boolean {
  return namespaces.length > 1 && error instanceof ClusterFault && error.kind === 'NAMESPACE_REFUSED';
}

async function reconcilePage(
  { db, writer, cluster, predecessors, nowMs, log }: Reconciliation,
  page: readonly SeenKubernetesJob[],
  firstSeen: FirstSeen,
  signal: AbortSignal,
): Promise<void> {
  const jobIds = page.map((seen) => seen.jobId).filter((id) => id !== null);
  const owners = new Map((await findOwningJobs(db, jobIds)).map((owner) => [owner.id, owner]));
  for (const seen of page) {
    const owner = seen.jobId === null ? undefined : owners.get(seen.jobId);
    const knownForMs = nowMs - (firstSeen.get(seen.uid) ?? nowMs);
    const judgement = judgeStray(seen, owner, cluster.id, knownForMs, predecessors);
    const facts = { jobId: seen.jobId, cluster: cluster.name, kubernetesJob: seen.name, uid: seen.uid };
    if (judgement === 'ALARM') log.error(facts, 'A Kubernetes Job is released that no job owns');
    if (judgement !== 'DELETE') continue;
    log.warn(facts, 'A Kubernetes Job that no job owns is deleted');
    await writer.deleteJob(seen, signal);
  }
}

/** Where a cluster's Kubernetes Jobs may be: with a template, one namespace for each organization that may use it. */
export function namespacesOf(cluster: ClusterAccess, organizationIds: readonly string[]): string[] {
  const users = cluster.organizationId === null ? organizationIds : [cluster.organizationId];
  return [...new Set(users.map((id) => namespaceFor(cluster.namespace, id)))];
}
