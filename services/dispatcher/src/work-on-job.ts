import { claimJob, releaseClaim, renewClaim } from '@ccluster/db';
import type { DispatchContext } from './dispatch-context.js';
import { dispatchJob } from './dispatch-job.js';
import { keepClaim } from './keep-claim.js';
import { release, type Release } from './progress.js';
import { withTimeLimit } from './time-limit.js';

/** Nobody else works on a claimed job for this long, should its dispatcher die. Renewed while one works on it. */
const LEASE_MS = 15_000;
const WORK_LIMIT_MS = 45_000;
const FAULT_RETRY_MS = 5_000;

/**
 * Claims a job that is due and takes it as far as it goes; does nothing where it is not due or another has it. A fault
 * is logged and the job looked at again after 5 s: how often that happens never decides a job's fate.
 */
export async function workOnJob(context: DispatchContext, jobId: string, signal: AbortSignal): Promise<void> {
  const claimed = await context.atRisk('claim', () => claimJob(context.database.db, jobId, LEASE_MS));
  if (claimed === undefined) return;
  let outcome: Release = release(claimed, FAULT_RETRY_MS);
  try {
    const renew = () => renewClaim(context.database.db, claimed, LEASE_MS);
    outcome = await withTimeLimit(WORK_LIMIT_MS, signal, (limited) =>
      keepClaim(renew, limited, context.log, (held) => dispatchJob(context, claimed, held)),
    );
  } catch (error) {
    if (signal.aborted) outcome = release(claimed, 0);
    else context.log.error({ jobId, epoch: claimed.epoch, error }, 'A dispatch was broken off');
  } finally {
    const { job, retryAfterMs } = outcome;
    await context.atRisk('release claim', () => releaseClaim(context.database.db, job, retryAfterMs));
  }
}
