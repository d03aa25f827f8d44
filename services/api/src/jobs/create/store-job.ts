import {
  insertIdempotencyKey,
  insertJob,
  uniqueViolation,
  withTransaction,
  type JobRow,
  type NewJob,
  type Queryable,
} from '@ccluster/db';
import { InputRefused, newId } from '@ccluster/domain';
import { currentTraceparent } from '@ccluster/runtime';
import type { Principal } from '../../access/principal.js';
import type { MutationServices } from '../../access/audit/audit.js';
import { findIssuesBeforeStoring, nameTaken } from './stored-issues.js';

/** What a request for a new job is known by. */
export interface JobRequest {
  /** Of the new job. */
  readonly name: string;
  /** The caller's idempotency key. */
  readonly requestId: string | null;
  /** Tells a repetition from another request with the same id. */
  readonly inputHash: Buffer;
}

/**
 * Stores a new job and takes its request id, both or neither. Throws `InputRefused` with what is wrong with it as things
 * are stored now, and what `makeJob` throws.
 * @param makeJob the job under its new id, made of what it reads in the transaction that stores it
 * @returns undefined where another call with the same request id was first
 */
export async function storeJob(
  { database, clock, atRisk, audit }: MutationServices,
  { organizationId, name: createdBy }: Principal,
  { name, requestId, inputHash }: JobRequest,
  makeJob: (id: string, tx: Queryable) => Promise<Omit<NewJob, 'id' | 'organizationId' | 'createdBy'>>,
): Promise<JobRow | undefined> {
  const id = newId('job', clock.nowMs(), (bytes) => crypto.getRandomValues(bytes));
  const traceparent = currentTraceparent();
  const key = requestId === null ? null : { organizationId, requestId, inputHash, jobId: id };
  const store = async (tx: Queryable) => {
    // First of all: a twin of this call waits here, and then finds the job instead of its name taken.
    if (key !== null && !(await insertIdempotencyKey(tx, key))) return undefined;
    const job = await makeJob(id, tx);
    const issues = await findIssuesBeforeStoring(tx, organizationId, job.spec);
    if (issues.length > 0) throw new InputRefused(issues);
    await audit.record(tx, id);
    return insertJob(tx, { ...job, id, organizationId, createdBy, traceparent });
  };
  return atRisk('store job', () => withTransaction(database, store)).catch((error: unknown) => {
    throw uniqueViolation(error) === 'jobs_name' ? new InputRefused([nameTaken(name)]) : error;
  });
}
