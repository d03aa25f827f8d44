import { advance, describeTransition, type JobEvent } from '@ccluster/domain';
import type { Queryable } from '../connection/database.js';
import { lockJob, saveJob, type RecordedChange } from './locked-job.js';

/** An event as callers give it: its time is set under the row's lock, from PostgreSQL's clock. */
export type UntimedJobEvent = JobEvent extends infer E ? (E extends JobEvent ? Omit<E, 'at'> : never) : never;

/**
 * Locks the job's row, lets `advance` decide, and stores the new state and its event, in the caller's transaction.
 * @param claimEpoch given by a dispatcher: refused when another has claimed the job since
 * @returns undefined where nothing changed: the job is gone, the claim is stale, or the event came late or twice
 */
export async function recordEvent(
  tx: Queryable,
  jobId: string,
  untimed: UntimedJobEvent,
  claimEpoch?: number,
): Promise<RecordedChange | undefined> {
  const job = await lockJob(tx, jobId);
  if (job === undefined || (claimEpoch !== undefined && claimEpoch !== job.epoch)) return undefined;
  const event: JobEvent = { ...untimed, at: job.at };
  const state = advance(job.state, event);
  if (state === job.state) return undefined;
  const described = describeTransition(job.state, state, event);
  const events = described === null ? [] : [described];
  const underClaim = claimEpoch !== undefined;
  return saveJob(tx, job, { state, progress: job.progress, livePods: job.livePods, events, underClaim });
}
