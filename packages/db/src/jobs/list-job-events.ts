import { and, asc, eq, gt } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobEvents } from '../schema/job-events.js';

export type JobEventRow = typeof jobEvents.$inferSelect;

/** The events of a job after the one with the given number (0: all), in order. */
export async function listJobEvents(
  db: Queryable,
  jobId: string,
  afterSequence: number,
  limit: number,
): Promise<JobEventRow[]> {
  return db
    .select()
    .from(jobEvents)
    .where(and(eq(jobEvents.jobId, jobId), gt(jobEvents.sequence, afterSequence)))
    .orderBy(asc(jobEvents.sequence))
    .limit(limit);
}
