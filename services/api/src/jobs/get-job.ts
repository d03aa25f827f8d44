import { findJob, type JobRow, type Queryable } from '@ccluster/db';
import { DomainError, isStorable } from '@ccluster/domain';

/** Throws NOT_FOUND, for another organization's job as for one that is not there. */
export async function getJob(db: Queryable, organizationId: string, id: string): Promise<JobRow> {
  const row = isStorable(id) ? await findJob(db, organizationId, id) : undefined;
  if (row === undefined) throw new DomainError('NOT_FOUND', `There is no job ${JSON.stringify(id)}`);
  return row;
}
