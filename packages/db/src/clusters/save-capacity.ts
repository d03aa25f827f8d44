import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { holdClusterLease, type ClusterLease } from './cluster-lease.js';
import type { Queryable } from '../connection/database.js';
import { clusters, type GpuCapacity } from '../schema/clusters.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs } from '../schema/jobs.js';

/** The sizes whose room a watcher counts. */
export interface WatchedInstanceType {
  readonly id: string;
  readonly gpuType: string | null;
  readonly gpuCount: number;
  readonly acceleratorResource: string;
  readonly cpuMillicores: number;
  readonly memoryMib: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly {
    readonly key: string;
    readonly value: string | null;
    readonly effect: string | null;
  }[];
}

/** Replicas that fit on the nodes. */
export interface Room {
  readonly now: number;
  /** With nothing else on them. */
  readonly whenEmpty: number;
}

export interface CountedCapacity {
  /** By instance type; null: not known. */
  readonly rooms: ReadonlyMap<string, Room | null>;
  readonly gpus: readonly GpuCapacity[];
  /** By job: its pods that hold a node in this count. Jobs not named have none. */
  readonly pods: ReadonlyMap<string, number>;
}

export async function listWatchedInstanceTypes(db: Queryable, clusterId: string): Promise<WatchedInstanceType[]> {
  return db
    .select()
    .from(instanceTypes)
    .where(and(eq(instanceTypes.clusterId, clusterId), isNull(instanceTypes.removedAt)))
    .orderBy(asc(instanceTypes.id));
}

/**
 * Stores a cluster's room, and how many pods of each unfinished job it already counts, in one transaction: what a job
 * will still ask for is its replicas less those pods, so a reader that saw one without the other would count some
 * twice or not at all. Throws `LeaseLost`.
 * @param before what was stored last; undefined where that is not known
 */
export async function saveCapacity(
  tx: Queryable,
  lease: ClusterLease,
  counted: CountedCapacity,
  before: CountedCapacity | undefined,
): Promise<void> {
  await holdClusterLease(tx, lease);
  await tx
    .update(clusters)
    .set({ capacity: [...counted.gpus] })
    .where(eq(clusters.id, lease.clusterId));
  for (const [id, room] of counted.rooms) {
    await tx
      .update(instanceTypes)
      .set({ room: room?.now ?? null, roomWhenEmpty: room?.whenEmpty ?? null })
      .where(eq(instanceTypes.id, id));
  }
  const known = before?.pods ?? (await findStoredPods(tx, lease.clusterId));
  await saveLivePods(tx, lease.clusterId, changedCounts(known, counted.pods));
}

async function findStoredPods(tx: Queryable, clusterId: string): Promise<Map<string, number>> {
  const rows = await tx
    .select({ id: jobs.id, livePods: jobs.livePods })
    .from(jobs)
    .where(and(eq(jobs.clusterId, clusterId), isNull(jobs.finishedAt)));
  return new Map(rows.map((row) => [row.id, row.livePods]));
}

/** Jobs whose count is another than before; those that are not counted any more have none. */
function changedCounts(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): Map<string, number> {
  const ids = new Set([...before.keys(), ...now.keys()]);
  return new Map([...ids].filter((id) => before.get(id) !== now.get(id)).map((id) => [id, now.get(id) ?? 0]));
}

/** Of jobs of this cluster only: it is not trusted to have pods of no others. */
async function saveLivePods(tx: Queryable, clusterId: string, counts: ReadonlyMap<string, number>): Promise<void> {
  if (counts.size === 0) return;
  const byId = JSON.stringify(Object.fromEntries(counts));
  const isCounted = sql`${jobs.id} in (select jsonb_object_keys(${byId}::jsonb))`;
  const changed = and(eq(jobs.clusterId, clusterId), isNull(jobs.finishedAt), isCounted);
  // Locked in one order everywhere, so that two transactions never wait for each other's rows.
  await tx.select({ id: jobs.id }).from(jobs).where(changed).orderBy(asc(jobs.id)).for('no key update');
  await tx
    .update(jobs)
    .set({ livePods: sql`(${byId}::jsonb ->> ${jobs.id})::int` })
    .where(changed);
}
