import { lockJob, type JobRow, type Queryable } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import { getJob } from '../get-job.js';

/** Throws NOT_FOUND, and JOB_NOT_FINISHED until its status is SUCCEEDED, FAILED or CANCELLED. */
export async function getFinishedJob(db: Queryable, organizationId: string, id: string): Promise<JobRow> {
  const job = await getJob(db, organizationId, id);
  if (job.state.phase === 'ENDED') return job;
  throw new DomainError('JOB_NOT_FINISHED', `The job ${job.name} has not finished: ${job.status}`);
}

/** The same, and nobody deletes it before the transaction ends. */
export async function lockFinishedJob(tx: Queryable, organizationId: string, id: string): Promise<JobRow> {
  // Before the lock: another organization's job is not even held up.
  await getFinishedJob(tx, organizationId, id);
  await lockJob(tx, id);
  return getFinishedJob(tx, organizationId, id);
}
