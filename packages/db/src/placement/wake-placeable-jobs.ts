import { findPlaceable } from '@ccluster/domain';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { readOffers } from './read-offers.js';
import { readAllowances, readLine } from './read-placement-snapshot.js';
import { jobs } from '../schema/jobs.js';

/** Those behind are woken by the next count: what these took shows in it. */
const MAX_WOKEN_JOBS = 100;

export interface WokenJob {
  readonly id: string;
  readonly eventSequence: number;
}

/** Jobs in line that could be placed now, as room has become free, are due at once: the oldest 100. */
export async function wakePlaceableJobs(db: Queryable): Promise<WokenJob[]> {
  const line = await readLine(db);
  if (line.length === 0) return [];
  const snapshot = { offers: await readOffers(db), allowances: await readAllowances(db) };
  const placeable = findPlaceable(line, snapshot).slice(0, MAX_WOKEN_JOBS);
  if (placeable.length === 0) return [];
  const ids = placeable.map(({ id }) => id);
  return db
    .update(jobs)
    .set({ dueAt: sql`now()` })
    .where(and(inArray(jobs.id, ids), eq(jobs.status, 'QUEUED'), isNull(jobs.clusterId), sql`${jobs.dueAt} > now()`))
    .returning({ id: jobs.id, eventSequence: jobs.eventSequence });
}
