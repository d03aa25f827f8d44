import { findWorthTurns } from '@ccluster/domain';
import { and, asc, eq, inArray, isNotNull, isNull, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { findPlacementSnapshot } from './read-placement-snapshot.js';
import { jobs } from '../schema/jobs.js';

/** Of more kinds the others are looked at by themselves. */
const MAX_WOKEN_IN_LINE = 100;
/** Those behind are due by themselves within a minute. */
const MAX_WOKEN_ON_A_CLUSTER = 1_000;

export interface WokenJob {
  readonly id: string;
  readonly eventSequence: number;
}

/**
 * Jobs in line whose turns let all go that could go now, as room has become free, are due at once. Given are also those
 * that were due already: nobody may have been told of it.
 */
export async function wakePlaceableJobs(db: Queryable): Promise<WokenJob[]> {
  const snapshot = await findPlacementSnapshot(db);
  if (snapshot === undefined) return [];
  const ids = findWorthTurns(snapshot).map(({ id }) => id);
  if (ids.length === 0) return [];
  return wake(db, and(inArray(jobs.id, ids), isNotNull(jobs.dueAt)), MAX_WOKEN_IN_LINE);
}

/** Jobs there that wait for the cluster to answer are due at once. */
export async function wakeJobsOnCluster(db: Queryable, clusterId: string): Promise<WokenJob[]> {
  const waiting = and(eq(jobs.clusterId, clusterId), isNull(jobs.finishedAt), sql`${jobs.dueAt} > now()`);
  return wake(db, waiting, MAX_WOKEN_ON_A_CLUSTER);
}

/** Locked in the order in which turns lock them, so that the two never wait for each other's rows. */
async function wake(db: Queryable, which: SQL | undefined, limit: number): Promise<WokenJob[]> {
  const oldestFirst = db
    .select({ id: jobs.id })
    .from(jobs)
    .where(which)
    .orderBy(asc(jobs.createdAt), asc(jobs.id))
    .limit(limit)
    .for('no key update');
  return db
    .update(jobs)
    .set({ dueAt: sql`date_trunc('milliseconds', now())` })
    .where(inArray(jobs.id, oldestFirst))
    .returning({ id: jobs.id, eventSequence: jobs.eventSequence });
}
