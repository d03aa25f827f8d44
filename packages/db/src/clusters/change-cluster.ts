import type { ClusterChange } from '@ccluster/domain';
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { lockPlacements } from '../life/dispatcher-jobs.js';
import { clusters } from '../schema/clusters.js';
import { jobs } from '../schema/jobs.js';

export interface StoredCredentials {
  readonly systemUid: string;
  /** Sealed with the context `clusters:<id>:credentials`. */
  readonly credentials: Buffer;
  /** Sealed with the context `clusters:<id>:reader`. */
  readonly readerCredentials: Buffer;
}

/** Of a cluster that is not removed. */
export async function findStoredCredentials(db: Queryable, clusterId: string): Promise<StoredCredentials | undefined> {
  const { systemUid, credentials, readerCredentials } = clusters;
  const [row] = await db.select({ systemUid, credentials, readerCredentials }).from(clusters).where(isThere(clusterId));
  return row;
}

/** Sealed, and the version of the cluster that they were proved against. */
export type NewCredentials = Partial<Omit<StoredCredentials, 'systemUid'>> & { readonly kubernetesVersion?: string };

/**
 * Once the transaction has committed, nothing is armed any more on a cluster that drains, and what waits for a cluster
 * that has new credentials is due at once.
 * @returns false where there is none, or it was removed
 */
export async function changeCluster(
  tx: Queryable,
  clusterId: string,
  change: ClusterChange & NewCredentials,
): Promise<boolean> {
  if (change.draining !== undefined) await lockPlacements(tx);
  // FOR UPDATE: whoever arms a job there has a KEY SHARE lock until that is recorded.
  const locked = await tx.select({ id: clusters.id }).from(clusters).where(isThere(clusterId)).for('update');
  if (locked.length === 0) return false;
  const { draining } = change;
  const since = draining === true ? sql`coalesce(${clusters.drainingSince}, now())` : null;
  await tx
    .update(clusters)
    // At least one column has to be set; its own name is the same as before.
    .set({ name: sql`${clusters.name}`, ...change, ...(draining === undefined ? {} : { drainingSince: since }) })
    .where(eq(clusters.id, clusterId));
  if (change.credentials !== undefined) await hastenJobs(tx, clusterId);
  return true;
}

/** Those that try again later, since the cluster failed them. */
async function hastenJobs(tx: Queryable, clusterId: string): Promise<void> {
  await tx
    .update(jobs)
    .set({ dueAt: sql`least(${jobs.dueAt}, date_trunc('milliseconds', now()))` })
    .where(and(eq(jobs.clusterId, clusterId), isNull(jobs.finishedAt), isNotNull(jobs.dueAt)));
}

function isThere(clusterId: string) {
  return and(eq(clusters.id, clusterId), isNull(clusters.removedAt));
}
