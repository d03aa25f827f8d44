import type { JobState } from '@ccluster/domain';
import { eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from './database.js';
import { clusters } from './schema/clusters.js';
import { instanceTypes } from './schema/instance-types.js';
import { jobs, jobSecrets } from './schema/jobs.js';

export type InstanceTypeRow = typeof instanceTypes.$inferSelect;

/** Also one that was removed after a job was placed on it. */
export async function getInstanceType(db: Queryable, id: string): Promise<InstanceTypeRow> {
  const [row] = await db.select().from(instanceTypes).where(eq(instanceTypes.id, id));
  if (row === undefined) throw new Error(`Instance type ${id} has no row`);
  return row;
}

/** Sealed with the context `job_secrets:<job id>`; undefined where the job has none. */
export async function findSealedJobSecrets(db: Queryable, jobId: string): Promise<Buffer | undefined> {
  const [row] = await db.select({ sealed: jobSecrets.sealed }).from(jobSecrets).where(eq(jobSecrets.jobId, jobId));
  return row?.sealed;
}

export interface OwningJob {
  readonly id: string;
  readonly epoch: number;
  readonly state: JobState;
}

/** Rows of the given jobs; one that is not there has no row. */
export async function findOwningJobs(db: Queryable, jobIds: readonly string[]): Promise<OwningJob[]> {
  if (jobIds.length === 0) return [];
  return db
    .select({ id: jobs.id, epoch: jobs.epoch, state: jobs.state })
    .from(jobs)
    .where(inArray(jobs.id, [...jobIds]));
}

/**
 * Placements on one cluster take turns until the transaction ends, so that each counts the room that those before it
 * have taken. Not the strongest lock: rows that refer to the cluster may still be added.
 * @returns PostgreSQL's clock, RFC 3339; undefined where the cluster has no row
 */
export async function lockCluster(tx: Queryable, clusterId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ at: sql<Date>`clock_timestamp()`.mapWith(clusters.createdAt) })
    .from(clusters)
    .where(eq(clusters.id, clusterId))
    .for('no key update');
  return row?.at.toISOString();
}
