import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobs } from '../schema/jobs.js';

/** From here on, what is done for the job follows from this request. In the transaction of what it decided. */
export async function saveTrace(tx: Queryable, jobId: string, traceparent: string): Promise<void> {
  await tx
    .update(jobs)
    .set({ traceparent, tracedAt: sql`clock_timestamp()` })
    .where(eq(jobs.id, jobId));
}
