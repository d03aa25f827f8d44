import { findIdempotencyKey, findJob, type JobRow } from '@ccluster/db';
import { DomainError, InputRefused, isStorable } from '@ccluster/domain';
import type { Principal } from '../../access/principal.js';
import type { Services } from '../../services.js';

/**
 * The job that an earlier call with the same request id and input made; undefined where the id is not taken.
 * Throws REQUEST_ID_CONFLICT for other input, JOB_DELETED where the job is deleted since.
 * @param hashInput the keyed hash of the input; throws `InputRefused` where it is none that could have been accepted
 */
export async function findRepeatedJob(
  { database }: Services,
  { organizationId }: Principal,
  unsafeRequestId: string | null | undefined,
  hashInput: () => Buffer,
): Promise<JobRow | undefined> {
  const requestId = unsafeRequestId ?? '';
  // What no request id can be is for the parser of the input to refuse.
  if (requestId === '' || !isStorable(requestId)) return undefined;
  const earlier = await findIdempotencyKey(database.db, organizationId, requestId);
  if (earlier === undefined) return undefined;
  if (valueUnlessRefused(hashInput)?.equals(earlier.inputHash) !== true) {
    throw new DomainError(
      'REQUEST_ID_CONFLICT',
      `The requestId ${JSON.stringify(requestId)} was used with other input`,
    );
  }
  const job = await findJob(database.db, organizationId, earlier.jobId);
  if (job === undefined) throw new DomainError('JOB_DELETED', 'The job that this requestId made is deleted');
  return job;
}

/** Undefined where the input is refused: then it is not what was accepted before. */
function valueUnlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputRefused) return undefined;
    throw error;
  }
}
