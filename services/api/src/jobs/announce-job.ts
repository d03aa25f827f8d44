import type { JobRow } from '@ccluster/db';
import { needsDispatcher } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import type { Services } from '../services.js';

/**
 * Tells dispatchers and subscribers of a change, after its commit. That Redis is away costs seconds and nothing else:
 * the sweeper finds the job, and subscriptions read again.
 */
export async function announceJob({ atRisk, dispatchQueue, publish }: Services, job: JobRow): Promise<void> {
  const { id: jobId, organizationId, eventSequence: seq } = job;
  const isDue = needsDispatcher(job.state) || job.deletedAt !== null;
  await Promise.all([
    isDue && atRisk('hint', () => dispatchQueue.hint({ jobId, version: seq })),
    publish(topics.job, { jobId, seq }),
    publish(topics.jobs, { organizationId, jobId, seq }),
  ]);
}
