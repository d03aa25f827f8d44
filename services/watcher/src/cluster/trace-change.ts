import type { RecordedChange, WatchedJob } from '@ccluster/db';
import { jobStatus } from '@ccluster/domain';
import { recordSpan } from '@ccluster/runtime';

/**
 * A span for a change that callers see as another status: a few in the life of a job, however often it is looked at.
 * @param name the step that recorded it
 * @param beganMs when that began, since 1970
 */
export function traceChange(
  name: string,
  { traceparent, tracedAt, now }: Pick<WatchedJob, 'traceparent' | 'tracedAt' | 'now'>,
  { jobId, organizationId, before, after }: RecordedChange,
  beganMs: number,
): void {
  const status = jobStatus(after);
  if (status === jobStatus(before)) return;
  recordSpan(name, {
    beganMs,
    origin: { traceparent, ageMs: tracedAt === null ? 0 : now.getTime() - tracedAt.getTime() },
    attributes: {
      'ccluster.job.id': jobId,
      'ccluster.organization.id': organizationId,
      'ccluster.job.status': status,
      'ccluster.job.status.before': jobStatus(before),
    },
  });
}
