import { hideJob, saveTrace, withTransaction, type Queryable } from '@ccluster/db';
import { currentTraceparent } from '@ccluster/runtime';
import { requireRole, type Principal } from '../../access/principal.js';
import type { MutationServices } from '../../access/audit/audit.js';
import { announceJob } from '../announce-job.js';
import { lockFinishedJob } from './finished-job.js';

/**
 * Takes a finished job out of sight and frees its name at once; the record, its events, logs and secrets are removed as
 * soon as its cluster holds nothing of it any more. Throws NOT_FOUND, JOB_NOT_FINISHED, FORBIDDEN.
 */
export async function deleteJob(services: MutationServices, principal: Principal, id: string): Promise<string> {
  requireRole(principal, 'SUBMITTER');
  const traceparent = currentTraceparent();
  const hide = async (tx: Queryable) => {
    const finished = await lockFinishedJob(tx, principal.organizationId, id);
    await services.audit.record(tx, id);
    if (traceparent !== undefined) await saveTrace(tx, id, traceparent);
    return hideJob(tx, finished);
  };
  const hidden = await services.atRisk('hide job', () => withTransaction(services.database, hide));
  await announceJob(services, hidden);
  return hidden.id;
}
