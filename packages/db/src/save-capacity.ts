import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { holdClusterLease, type ClusterLease } from './cluster-lease.js';
import type { Queryable } from './database.js';
import { clusters, type GpuCapacity } from './schema/clusters.js';
import { instanceTypes } from './schema/instance-types.js';
import { jobs } from './schema/jobs.js';

/** Waiting jobs that new room wakes at once; the others are woken as these are placed, or by their own time. */
const MAX_WOKEN_JOBS = 100;

/** The sizes whose room a watcher counts. */
export interface WatchedInstanceType {
  readonly id: string;
  readonly gpuType: string | null;
  readonly gpuCount: number;
  readonly acceleratorResource: string;
  readonly cpuMillicores: number;
  readonly memoryMib: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly { readonly key: string; readonly value: string | null; readonly effect: string | null }[];
  readonly room: number | null;
}

export interface CountedCapacity {
  /** By instance type; null: not known. */
  readonly rooms: ReadonlyMap<string, number | null>;
  readonly gpus: readonly GpuCapacity[];
  /** By job: its pods that hold a node in this count. Jobs not named have none. */
  readonly pods: ReadonlyMap<string, number>;
}

export async function listWatchedInstanceTypes(db: Queryable, clusterId: string): Promise<WatchedInstanceType[]> {
  return db
    .select()
    .from(instanceTypes)
    .where(and(eq(instanceTypes.clusterId, clusterId), isNull(instanceTypes.removedAt)));
}

/**
 * Stores a cluster's room, and how many pods of each unfinished job it already counts, in one transaction: what a job
 * will still ask for is its replicas less those pods, so a reader that saw one without the other would count some
 * twice or not at all. Throws `LeaseLost`.
 */
export async function saveCapacity(tx: Queryable, lease: ClusterLease, capacity: CountedCapacity): Promise<void> {
  await holdClusterLease(tx, lease);
  await tx
    .update(clusters)
    .set({ capacity: [...capacity.gpus] })
    .where(eq(clusters.id, lease.clusterId));
  for (const [id, room] of capacity.rooms) {
    await tx.update(instanceTypes).set({ room }).where(eq(instanceTypes.id, id));
  }
  await saveLivePods(tx, lease.clusterId, capacity.pods);
}

async function saveLivePods(tx: Queryable, clusterId: string, pods: ReadonlyMap<string, number>): Promise<void> {
  const rows = await tx
    .select({ id: jobs.id, livePods: jobs.livePods })
    .from(jobs)
    .where(and(eq(jobs.clusterId, clusterId), isNull(jobs.finishedAt)))
    .orderBy(asc(jobs.id));
  const changed = rows.filter((row) => row.livePods !== (pods.get(row.id) ?? 0)).map((row) => row.id);
  if (changed.length === 0) return;
  const ids = inArray(jobs.id, changed);
  // Locked in one order everywhere, so that two transactions never wait for each other's rows.
  await tx.select({ id: jobs.id }).from(jobs).where(ids).orderBy(asc(jobs.id)).for('no key update');
  const counts = JSON.stringify(Object.fromEntries(changed.map((id) => [id, pods.get(id) ?? 0])));
  await tx
    .update(jobs)
    .set({ livePods: sql`(${counts}::jsonb ->> ${jobs.id})::int` })
    .where(ids);
}

/** There is new room somewhere: the oldest jobs that wait for some are due now. @returns how many */
export async function wakeWaitingJobs(db: Queryable): Promise<number> {
  const waiting = db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.status, 'QUEUED'), sql`${jobs.dueAt} > now()`))
    .orderBy(asc(jobs.createdAt))
    .limit(MAX_WOKEN_JOBS)
    .for('update', { skipLocked: true });
  const woken = await db
    .update(jobs)
    .set({ dueAt: sql`now()` })
    .where(inArray(jobs.id, waiting))
    .returning({ id: jobs.id });
  return woken.length;
}
