import type { ClaimedJob } from '@ccluster/db';
import { inSpan, type TraceOrigin } from '@ccluster/runtime';

/** The request that the work under this claim follows from. */
export function originOf({ traceparent, tracedAt, claimedAt }: ClaimedJob): TraceOrigin {
  return { traceparent, ageMs: tracedAt === null ? 0 : claimedAt.getTime() - tracedAt.getTime() };
}

/** Runs work under a claim in a span. @param beganMs when it began, since 1970 */
export function inWorkSpan<T>(job: ClaimedJob, beganMs: number, work: () => Promise<T>): Promise<T> {
  const attributes = {
    'ccluster.job.id': job.id,
    'ccluster.job.phase': job.state.phase,
    'ccluster.organization.id': job.organizationId,
    'ccluster.claim': job.epoch,
  };
  return inSpan('work on job', { attributes, origin: originOf(job), beganMs }, work);
}
