import {
  findOrganization,
  recordEvent,
  saveTrace,
  withTransaction,
  type JobRow,
  type Queryable,
  type UntimedJobEvent,
} from '@ccluster/db';
import { DomainError, parseCancelReason, type JobState } from '@ccluster/domain';
import { currentTraceparent } from '@ccluster/runtime';
import { requireRole, type Principal } from '../../access/principal.js';
import type { MutationServices } from '../../access/audit/audit.js';
import { announceJob } from '../announce-job.js';
import { getJob } from '../get-job.js';
import { withSettledRelease } from './settled-release.js';

/** Answers a job that is being cancelled, or is, as it stands. Throws BAD_USER_INPUT, JOB_FINISHED, NOT_FOUND, FORBIDDEN. */
export async function cancelJob(
  services: MutationServices,
  principal: Principal,
  id: string,
  unsafeReason: string | null,
): Promise<JobRow> {
  const reason = parseCancelReason(unsafeReason);
  const event = { type: 'CANCEL_REQUESTED', by: principal.name, reason } as const;
  const isSo = (state: JobState) => isEnd(state) && state.outcome === 'CANCELLED';
  return withSettledRelease(services, await recordRequest(services, principal, id, event, isSo));
}

/** Answers a suspended job as it stands. Throws JOB_FINISHED, NOT_FOUND, FORBIDDEN. */
export async function suspendJob(services: MutationServices, principal: Principal, id: string): Promise<JobRow> {
  const event = { type: 'SUSPEND_REQUESTED', by: principal.name } as const;
  return withSettledRelease(services, await recordRequest(services, principal, id, event, isOpen));
}

/**
 * Answers a job that is not suspended, or already to be resumed, as it stands. Where the organization has a GPU limit, one
 * that is on a cluster stays SUSPENDED until a dispatcher finds that the limit allows it.
 * Throws JOB_FINISHED, NOT_FOUND, FORBIDDEN.
 */
export async function resumeJob(services: MutationServices, principal: Principal, id: string): Promise<JobRow> {
  const organization = await findOrganization(services.database.db, principal.organizationId);
  const limited = typeof organization?.maxGpus === 'number';
  return recordRequest(services, principal, id, { type: 'RESUME_REQUESTED', by: principal.name, limited }, isOpen);
}

type EndState = Extract<JobState, { phase: 'ENDING' | 'ENDED' }>;

function isEnd(state: JobState): state is EndState {
  return state.phase === 'ENDING' || state.phase === 'ENDED';
}

function isOpen(state: JobState): boolean {
  return !isEnd(state);
}

/** @param isSo whether the state of a job that the request did not change is what was asked for */
async function recordRequest(
  services: MutationServices,
  principal: Principal,
  id: string,
  event: UntimedJobEvent,
  isSo: (state: JobState) => boolean,
): Promise<JobRow> {
  requireRole(principal, 'SUBMITTER');
  const { organizationId } = principal;
  const traceparent = currentTraceparent();
  const record = async (tx: Queryable) => {
    await getJob(tx, organizationId, id);
    const change = await recordEvent(tx, id, event);
    if (change !== undefined && traceparent !== undefined) await saveTrace(tx, id, traceparent);
    // Nothing of it can be in a cluster, so there is nothing to wait for.
    if (change?.after.phase === 'ENDING' && change.after.armed === null) await recordEvent(tx, id, { type: 'SETTLED' });
    const job = await getJob(tx, organizationId, id);
    if (change !== undefined) await services.audit.record(tx, id);
    return { job, changed: change !== undefined };
  };
  const { job, changed } = await services.atRisk('record request', () => withTransaction(services.database, record));
  if (!changed && !isSo(job.state))
    throw new DomainError('JOB_FINISHED', `The outcome of the job ${job.name} is decided: ${job.status}`);
  if (changed) await announceJob(services, job);
  return job;
}
