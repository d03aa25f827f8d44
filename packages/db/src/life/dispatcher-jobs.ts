import type { JobState } from '@ccluster/domain';
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { clusters } from '../schema/clusters.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs, jobSecrets } from '../schema/jobs.js';

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

/** Any fixed number: one advisory lock that all dispatchers of an installation share. */
const PLACEMENT_LOCK = 7_310_452;

/**
 * Placements take turns until the transaction ends: what one is decided by, it alone changes.
 * @returns PostgreSQL's clock once it is this one's turn, RFC 3339
 */
export async function lockPlacements(tx: Queryable): Promise<string> {
  await tx.execute(sql`select pg_advisory_xact_lock(${PLACEMENT_LOCK})`);
  const { rows } = await tx.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL did not tell the time');
  return new Date(row.ms).toISOString();
}

interface ChosenPlacement {
  readonly clusterId: string;
  readonly instanceTypeId: string;
}

/** Why nothing new may be sent to a placement that was chosen before; undefined: it may. */
export async function findPlacementObstacle(
  db: Queryable,
  placement: ChosenPlacement,
): Promise<PlacementObstacle | undefined> {
  const [row] = await selectPlacement(db, placement);
  return obstacleIn(row);
}

/**
 * The same, and it stays so until the transaction ends: whoever drains or removes the cluster or the instance type locks
 * its row FOR UPDATE first. What watchers write into these rows does not wait for it.
 */
export async function holdPlacement(tx: Queryable, placement: ChosenPlacement): Promise<PlacementObstacle | undefined> {
  const [row] = await selectPlacement(tx, placement).for('key share');
  return obstacleIn(row);
}

function selectPlacement(db: Queryable, { clusterId, instanceTypeId }: ChosenPlacement) {
  return db
    .select({
      draining: clusters.draining,
      isUnreachable: isNotNull(clusters.unreachableSince),
      isRemoved: sql<boolean>`(${clusters.removedAt} is not null or ${instanceTypes.removedAt} is not null)`,
    })
    .from(instanceTypes)
    .innerJoin(clusters, eq(clusters.id, instanceTypes.clusterId))
    .where(and(eq(instanceTypes.id, instanceTypeId), eq(clusters.id, clusterId)));
}

function obstacleIn(
  row: { draining: boolean; isUnreachable: unknown; isRemoved: boolean } | undefined,
): PlacementObstacle | undefined {
  if (row === undefined || row.isRemoved) return 'REMOVED';
  if (row.draining) return 'DRAINING';
  return row.isUnreachable ? 'UNREACHABLE' : undefined;
}

export type PlacementObstacle = 'REMOVED' | 'DRAINING' | 'UNREACHABLE';
