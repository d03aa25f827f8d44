import type { ClaimedJob } from '@ccluster/db';

/** What one step of a dispatch came to: the next step follows in the same claim, or the claim is given back. */
export type Progress = { readonly next: 'STEP'; readonly job: ClaimedJob } | Release;

export interface Release {
  readonly next: 'RELEASE';
  /** As the claim's holder knows it; what has happened since makes it due at once. */
  readonly job: ClaimedJob;
  /** When to look at it again, where it still needs a dispatcher then. */
  readonly retryAfterMs: number;
}

export function goOn(job: ClaimedJob): Progress {
  return { next: 'STEP', job };
}

export function release(job: ClaimedJob, retryAfterMs: number): Release {
  return { next: 'RELEASE', job, retryAfterMs };
}

/**
 * A placement was undone: the next one is made under a claim, and so an epoch, of its own. Under the same one it could
 * take over what this one left, though a DELETE of it may still be under way.
 */
export function claimAgain(job: ClaimedJob): Release {
  return release(job, 0);
}

/** Another claim or a caller was faster: what it left is looked at afresh. */
export function releaseAsOvertaken(job: ClaimedJob): Release {
  return release(job, 0);
}
