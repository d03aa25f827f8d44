import type { InheritedTasks, JobSpec, JobState } from '@ccluster/domain';
import { and, asc, eq, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobs } from '../schema/jobs.js';

/** What a dispatcher works on, as of its claim. */
export interface ClaimedJob {
  readonly id: string;
  readonly organizationId: string;
  readonly spec: JobSpec;
  readonly hasImagePullSecret: boolean;
  readonly inherited: readonly InheritedTasks[];
  readonly state: JobState;
  /** A caller has deleted it: nothing of it is to be kept. */
  readonly deleted: boolean;
  /** Presented with everything that is recorded under this claim. */
  readonly epoch: number;
  /** By PostgreSQL's clock. */
  readonly claimedAt: Date;
  /** Of the request that the work follows from, and when that was, by the same clock; null: not known. */
  readonly traceparent: string | null;
  readonly tracedAt: Date | null;
}

const isDueAt = (moment: SQL) =>
  and(lte(jobs.dueAt, moment), or(isNull(jobs.leaseUntil), lte(jobs.leaseUntil, moment)));

/** Not `now()`: that is when the statement began, perhaps before it waited for whoever was making the job due. */
const clock = sql`clock_timestamp()`;

/**
 * Takes the job for `leaseMs` where it is due and nobody works on it; undefined otherwise. It is due again when the lease
 * ends; whoever makes it due before that tells the claim's holder that there is news.
 */
export async function claimJob(db: Queryable, jobId: string, leaseMs: number): Promise<ClaimedJob | undefined> {
  const leaseEnd = sql`now() + ${leaseMs} * interval '1 millisecond'`;
  const [row] = await db
    .update(jobs)
    .set({ epoch: sql`${jobs.epoch} + 1`, leaseUntil: leaseEnd, dueAt: leaseEnd })
    .where(and(eq(jobs.id, jobId), isDueAt(clock)))
    .returning({
      id: jobs.id,
      organizationId: jobs.organizationId,
      spec: jobs.spec,
      hasImagePullSecret: jobs.hasImagePullSecret,
      inherited: jobs.inherited,
      state: jobs.state,
      deleted: sql<boolean>`${jobs.deletedAt} is not null`,
      epoch: jobs.epoch,
      claimedAt: sql<Date>`${clock}`.mapWith(jobs.createdAt),
      traceparent: jobs.traceparent,
      tracedAt: jobs.tracedAt,
    });
  return row;
}

/**
 * A longer lease, which is when the job is due again; where somebody has made it due before that, it stays due.
 * @returns false where another has claimed the job since
 */
export async function renewClaim(
  db: Queryable,
  claim: { readonly id: string; readonly epoch: number },
  leaseMs: number,
): Promise<boolean> {
  const leaseEnd = sql`now() + ${leaseMs} * interval '1 millisecond'`;
  const { rowCount } = await db
    .update(jobs)
    .set({
      leaseUntil: leaseEnd,
      dueAt: sql`case when ${jobs.dueAt} = ${jobs.leaseUntil} then ${leaseEnd} else ${jobs.dueAt} end`,
    })
    .where(and(eq(jobs.id, claim.id), eq(jobs.epoch, claim.epoch)));
  return rowCount === 1;
}

/**
 * Gives the job back. Where it still needs a dispatcher it is due again after `retryAfterMs`; where somebody else has made
 * it due during the claim, it stays due.
 * @returns whether it is due now
 */
export async function releaseClaim(
  db: Queryable,
  { id, epoch }: { readonly id: string; readonly epoch: number },
  retryAfterMs: number,
): Promise<boolean> {
  const later = sql`date_trunc('milliseconds', ${clock}) + ${retryAfterMs} * interval '1 millisecond'`;
  const [row] = await db
    .update(jobs)
    .set({ leaseUntil: null, dueAt: sql`case when ${jobs.dueAt} > ${clock} then ${later} else ${jobs.dueAt} end` })
    .where(and(eq(jobs.id, id), eq(jobs.epoch, epoch)))
    .returning({ isDue: sql<boolean>`coalesce(${jobs.dueAt} <= ${clock}, false)` });
  return row?.isDue ?? false;
}

/** Jobs that wait for a dispatcher and that none has claimed, longest due first. Served by a partial index. */
export async function findDueJobs(db: Queryable, limit: number): Promise<{ id: string; eventSequence: number }[]> {
  return db
    .select({ id: jobs.id, eventSequence: jobs.eventSequence })
    .from(jobs)
    .where(isDueAt(sql`now()`))
    .orderBy(asc(jobs.dueAt))
    .limit(limit);
}
