import { claimJob, releaseClaim, renewClaim, type ClaimedJob } from '@ccluster/db';
import { withTraceOf } from '@ccluster/runtime';
import type { DispatchContext } from './dispatch-context.js';
import { dispatchJob } from './dispatch-job.js';
import { originOf } from './trace-work.js';
import { keepClaim } from './keep-claim.js';
import { release, type Release } from './progress.js';
import { withTimeLimit } from './time-limit.js';

/** Nobody else works on a claimed job for this long, should its dispatcher die. Renewed while one works on it. */
const LEASE_MS = 15_000;
const WORK_LIMIT_MS = 45_000;
const FAULT_RETRY_MS = 5_000;

/** A job that is due again at once each time is left to the sweeper: it must not keep a worker from the others. */
const MOST_CLAIMS = 5;

/**
 * Claims a job that is due and takes it as far as it goes; does nothing where it is not due or another has it. What
 * happens to it meanwhile is its own to work on: the hint of that finds it claimed, and is gone.
 */
export async function workOnJob(context: DispatchContext, jobId: string, signal: AbortSignal): Promise<void> {
  const { atRisk, database } = context;
  for (let claims = 0; claims < MOST_CLAIMS && !signal.aborted; claims += 1) {
    const claimed = await atRisk('claim', () => claimJob(database.db, jobId, LEASE_MS));
    if (claimed === undefined) return;
    const { job, retryAfterMs } = await withTraceOf(originOf(claimed), () => dispatch(context, claimed, signal));
    if (!(await atRisk('release claim', () => releaseClaim(database.db, job, retryAfterMs)))) return;
  }
}

/** A fault is logged and the job looked at again after 5 s: how often that happens never decides a job's fate. */
async function dispatch(context: DispatchContext, claimed: ClaimedJob, signal: AbortSignal): Promise<Release> {
  const renew = () => renewClaim(context.database.db, claimed, LEASE_MS);
  try {
    return await withTimeLimit(WORK_LIMIT_MS, signal, (limited) =>
      keepClaim(renew, limited, context.log, (held) => dispatchJob(context, claimed, held)),
    );
  } catch (error) {
    if (signal.aborted) return release(claimed, 0);
    context.log.error({ jobId: claimed.id, epoch: claimed.epoch, error }, 'A dispatch was broken off');
    return release(claimed, FAULT_RETRY_MS);
  }
}
