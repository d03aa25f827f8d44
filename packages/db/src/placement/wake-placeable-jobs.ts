import { findPlaceable } from '@ccluster/domain';
import { and, asc, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { findPlacementSnapshot } from './read-placement-snapshot.js';
import { jobs } from '../schema/jobs.js';

/** Those behind are woken by the next count: what these took shows in it. */
const MAX_WOKEN_JOBS = 100;

export interface WokenJob {
  readonly id: string;
  readonly eventSequence: number;
}

/**
 * The oldest 100 jobs in line that could go now, as room has become free, are due at once. Given are also those that were
 * due already: nobody may have been told of it.
 */
export async function wakePlaceableJobs(db: Queryable): Promise<WokenJob[]> {
  const snapshot = await findPlacementSnapshot(db);
  if (snapshot === undefined) return [];
  const placeable = findPlaceable(snapshot).slice(0, MAX_WOKEN_JOBS);
  if (placeable.length === 0) return [];
  const ids = placeable.map(({ id }) => id);
  const oldestFirst = db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(inArray(jobs.id, ids), isNotNull(jobs.dueAt)))
    // Locked in the order in which turns lock them, so that the two never wait for each other's rows.
    .orderBy(asc(jobs.createdAt), asc(jobs.id))
    .for('no key update');
  return db
    .update(jobs)
    .set({ dueAt: sql`date_trunc('milliseconds', now())` })
    .where(inArray(jobs.id, oldestFirst))
    .returning({ id: jobs.id, eventSequence: jobs.eventSequence });
}
