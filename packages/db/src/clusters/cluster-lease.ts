import { and, eq, sql } from 'drizzle-orm';
import type { Database, Queryable } from '../connection/database.js';
import { clusterLeases } from '../schema/clusters.js';
import { withTransaction } from '../connection/transaction.js';

/** The right to record what is seen in one cluster: the holder's, until another has raised the epoch. */
export interface ClusterLease {
  readonly clusterId: string;
  readonly epoch: number;
  readonly holder: string;
}

/** Another watcher has taken the cluster over: whoever meets this stops watching it. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor(lease: ClusterLease) {
    super(`The lease of cluster ${lease.clusterId}, epoch ${lease.epoch}, is ${lease.holder}'s no more`);
  }
}

/**
 * Takes a cluster that nobody watches, or whose watcher has not renewed in time; undefined where somebody does. A watcher
 * that was killed and starts again under its name need not wait for its own lease.
 */
export async function takeClusterLease(
  db: Queryable,
  clusterId: string,
  holder: string,
  leaseMs: number,
): Promise<ClusterLease | undefined> {
  const expiresAt = expiryAfter(leaseMs);
  const [row] = await db
    .insert(clusterLeases)
    .values({ clusterId, epoch: 1, holder, expiresAt })
    .onConflictDoUpdate({
      target: clusterLeases.clusterId,
      set: { epoch: sql`${clusterLeases.epoch} + 1`, holder, expiresAt },
      setWhere: sql`${clusterLeases.expiresAt} <= now() or ${clusterLeases.holder} = ${holder}`,
    })
    .returning({ epoch: clusterLeases.epoch });
  return row === undefined ? undefined : { clusterId, epoch: row.epoch, holder };
}

/** Takes it from whoever has it: nothing of an old holder is recorded after this. */
export async function seizeClusterLease(tx: Queryable, clusterId: string, holder: string): Promise<ClusterLease> {
  const seized = { holder, expiresAt: sql`now()` };
  const [row] = await tx
    .insert(clusterLeases)
    .values({ clusterId, epoch: 1, ...seized })
    .onConflictDoUpdate({
      target: clusterLeases.clusterId,
      set: { epoch: sql`${clusterLeases.epoch} + 1`, ...seized },
    })
    .returning({ epoch: clusterLeases.epoch });
  if (row === undefined) throw new Error(`The lease of cluster ${clusterId} could not be seized`);
  return { clusterId, epoch: row.epoch, holder };
}

/** @returns false where another has taken it over */
export async function renewClusterLease(db: Queryable, lease: ClusterLease, leaseMs: number): Promise<boolean> {
  const rows = await db
    .update(clusterLeases)
    .set({ expiresAt: expiryAfter(leaseMs) })
    .where(isHeld(lease))
    .returning({ epoch: clusterLeases.epoch });
  return rows.length > 0;
}

/** Lets another take it at once. */
export async function releaseClusterLease(db: Queryable, lease: ClusterLease): Promise<void> {
  await db
    .update(clusterLeases)
    .set({ expiresAt: sql`now()` })
    .where(isHeld(lease));
}

/**
 * Begins every transaction of a watcher. The row stays locked until the commit, so a take-over waits for what is under
 * way, and nothing of the old holder commits after it. Comparing the epoch in each statement would not do: under READ
 * COMMITTED a take-over fits between two of them. Throws `LeaseLost`.
 */
export async function holdClusterLease(tx: Queryable, lease: ClusterLease): Promise<void> {
  const rows = await tx.select({ epoch: clusterLeases.epoch }).from(clusterLeases).where(isHeld(lease)).for('share');
  if (rows.length === 0) throw new LeaseLost(lease);
}

/** `withTransaction` for a watcher: fenced by its lease. Throws `LeaseLost`. */
export async function withClusterLease<T>(
  database: Database,
  lease: ClusterLease,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  return withTransaction(database, async (tx) => {
    await holdClusterLease(tx, lease);
    return work(tx);
  });
}

function isHeld(lease: ClusterLease) {
  return and(
    eq(clusterLeases.clusterId, lease.clusterId),
    eq(clusterLeases.epoch, lease.epoch),
    eq(clusterLeases.holder, lease.holder),
  );
}

function expiryAfter(leaseMs: number) {
  return sql`now() + ${leaseMs} * interval '1 millisecond'`;
}
