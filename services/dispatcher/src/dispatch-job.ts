import type { ClaimedJob } from '@ccluster/db';
import { needsDispatcher } from '@ccluster/domain';
import { recordSpan } from '@ccluster/runtime';
import type { DispatchContext } from './dispatch-context.js';
import { release, type Progress, type Release } from './progress.js';
import { cleanUpJob } from './steps/clean-up-job.js';
import { deliverIntent } from './steps/deliver-intent.js';
import { placeJob } from './steps/place-job.js';
import { removeJob } from './steps/remove-job.js';
import { stillCannotRead, UNREADABLE_RETRY_MS } from './steps/secrets-unreadable.js';
import { startJob } from './steps/start-job.js';
import { inWorkSpan } from './trace-work.js';

/**
 * Takes a claimed job as far as it goes now, one recorded step after the other: a new job from QUEUED to running in one
 * claim. Throws the signal's reason when it is aborted; whatever is left is found by the next claim.
 */
export async function dispatchJob(
  context: DispatchContext,
  claimed: ClaimedJob,
  signal: AbortSignal,
): Promise<Release> {
  const beganMs = Date.now();
  if (!isMereLook(claimed)) {
    return inWorkSpan(claimed, beganMs, () => takeSteps(context, claimed, signal));
  }
  // A job may wait for days, and is looked at every few seconds: only the look that finds something is worth a span.
  signal.throwIfAborted();
  const look = await takeStep(context, claimed, signal);
  if (look.next === 'RELEASE') return look;
  return inWorkSpan(look.job, beganMs, () => {
    recordSpan('place', { beganMs });
    return takeSteps(context, look.job, signal);
  });
}

/** It has nothing to do, or waits for a placement and has said for what. */
function isMereLook({ state, deleted }: ClaimedJob): boolean {
  if (!needsDispatcher(state)) return !(deleted && state.phase === 'ENDED');
  if (state.reason === null) return false;
  if (state.phase === 'ARMED') return state.resuming && state.intent.applied === state.intent.decided;
  return state.phase === 'QUEUED';
}

async function takeSteps(context: DispatchContext, claimed: ClaimedJob, signal: AbortSignal): Promise<Release> {
  for (let job = claimed; ;) {
    signal.throwIfAborted();
    const progress = await takeStep(context, job, signal);
    if (progress.next === 'RELEASE') return progress;
    job = progress.job;
  }
}

async function takeStep(context: DispatchContext, job: ClaimedJob, signal: AbortSignal): Promise<Progress> {
  const { state } = job;
  if (job.deleted && state.phase === 'ENDED') return removeJob(context, job, state, signal);
  if (!needsDispatcher(state)) return release(job, 0);
  switch (state.phase) {
    case 'QUEUED':
      if (await stillCannotRead(context, job)) return release(job, UNREADABLE_RETRY_MS);
      return placeJob(context, job);
    case 'PLACED':
      return startJob(context, job, state, signal);
    case 'ARMED':
      // A stop that is not in force yet goes first: the job may have to stay suspended.
      if (state.intent.applied < state.intent.decided) return deliverIntent(context, job, state, signal);
      return placeJob(context, job);
    case 'ENDING':
      if (state.armed === null || state.placement === null) return release(job, 0);
      return deliverIntent(context, job, { ...state.armed, placement: state.placement }, signal);
    case 'ENDED':
      return cleanUpJob(context, job, state, signal);
  }
}
