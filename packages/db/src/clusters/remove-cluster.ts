import { and, asc, count, eq, gt, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { seizeClusterLease } from './cluster-lease.js';
import type { Queryable } from '../connection/database.js';
import { lockPlacements } from '../life/dispatcher-jobs.js';
import type { RecordedChange } from '../life/locked-job.js';
import { recordEvent } from '../life/record-event.js';
import { settleJob } from '../life/settle-job.js';
import { clusterLeases, clusters } from '../schema/clusters.js';
import { jobs } from '../schema/jobs.js';

/** Jobs that were armed there and have not ended. */
const areUnfinishedIn = (clusterId: string) =>
  and(eq(jobs.clusterId, clusterId), isNotNull(jobs.kubernetesUid), isNull(jobs.finishedAt));

export type Removal =
  | { readonly kind: 'REMOVED' }
  /** There is none. */
  | { readonly kind: 'NONE' }
  | { readonly kind: 'IN_USE'; readonly unfinishedJobs: number };

/**
 * Takes a cluster out of everybody's sight: nothing is placed or armed there once the transaction has committed, and
 * watchers let go of it. What is left there is then up to the dispatcher: `abandonJobs`, `forgetCluster`.
 * @param abandon also where it has unfinished jobs
 */
export async function removeCluster(tx: Queryable, clusterId: string, abandon: boolean): Promise<Removal> {
  await lockPlacements(tx);
  const isThere = and(eq(clusters.id, clusterId), isNull(clusters.removedAt));
  // FOR UPDATE: whoever arms a job there has a KEY SHARE lock until that is recorded, and is counted then.
  const locked = await tx.select({ id: clusters.id }).from(clusters).where(isThere).for('update');
  if (locked.length === 0) return { kind: 'NONE' };
  const unfinishedJobs = await countUnfinished(tx, clusterId);
  if (unfinishedJobs > 0 && !abandon) return { kind: 'IN_USE', unfinishedJobs };
  await tx
    .update(clusters)
    .set({ removedAt: sql`now()` })
    .where(eq(clusters.id, clusterId));
  return { kind: 'REMOVED' };
}

async function countUnfinished(tx: Queryable, clusterId: string): Promise<number> {
  const [row] = await tx.select({ jobs: count() }).from(jobs).where(areUnfinishedIn(clusterId));
  return row?.jobs ?? 0;
}

/**
 * Ends up to `limit` unfinished jobs of a removed cluster, CLUSTER_ABANDONED but for those whose outcome Kubernetes had
 * decided. Whatever a watcher that has not noticed yet would still record of them is lost with its lease.
 */
export async function abandonJobs(
  tx: Queryable,
  clusterId: string,
  message: string,
  limit: number,
): Promise<RecordedChange[]> {
  const lease = await seizeClusterLease(tx, clusterId, 'removal');
  const unfinished = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(areUnfinishedIn(clusterId))
    .orderBy(asc(jobs.id))
    .limit(limit);
  const changes: RecordedChange[] = [];
  for (const { id } of unfinished) {
    const ending = await recordEvent(tx, id, { type: 'CLUSTER_ABANDONED', message });
    const ended = await settleJob(tx, lease, id, true);
    for (const change of [ending, ended]) if (change !== undefined) changes.push(change);
  }
  return changes;
}

export interface RemovedCluster {
  readonly id: string;
  readonly removedForMs: number;
}

/** Those of which something may be left to do. */
export async function listRemovedClusters(db: Queryable): Promise<RemovedCluster[]> {
  const removedForMs = sql<number>`extract(epoch from clock_timestamp() - ${clusters.removedAt}) * 1000`.mapWith(
    Number,
  );
  return db
    .select({ id: clusters.id, removedForMs })
    .from(clusters)
    .where(and(isNotNull(clusters.removedAt), isNull(clusters.forgottenAt)))
    .orderBy(asc(clusters.removedAt));
}

/** Whether a claim from before the removal may still post something there: it gives up before it arms. */
export async function mayStillBePostedTo(db: Queryable, clusterId: string): Promise<boolean> {
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        isNotNull(jobs.dueAt),
        gt(jobs.leaseUntil, sql`now()`),
        isNull(jobs.finishedAt),
        or(eq(jobs.clusterId, clusterId), sql`${clusterId} = any(${jobs.pastClusterIds})`),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/**
 * Nothing of its credentials stays, nor of who watched it. The row stays: it tells where finished jobs ran.
 * @returns false where a job of it has not ended, or it was forgotten before
 */
export async function forgetCluster(tx: Queryable, clusterId: string): Promise<boolean> {
  const isRemoved = and(eq(clusters.id, clusterId), isNotNull(clusters.removedAt), isNull(clusters.forgottenAt));
  const locked = await tx.select({ id: clusters.id }).from(clusters).where(isRemoved).for('update');
  if (locked.length === 0 || (await countUnfinished(tx, clusterId)) > 0) return false;
  const nothing = Buffer.alloc(0);
  await tx
    .update(clusters)
    .set({ forgottenAt: sql`now()`, credentials: nothing, readerCredentials: nothing })
    .where(eq(clusters.id, clusterId));
  await tx.delete(clusterLeases).where(eq(clusterLeases.clusterId, clusterId));
  return true;
}
