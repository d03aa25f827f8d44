import { findIdempotencyKey, findJob, type JobRow, type Sealer } from '@ccluster/db';
import { DomainError, InputRefused, parseCreateJob, type ParsedCreateJob } from '@ccluster/domain';
import type { Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import type { CreateJobInput } from './create-job.input.js';
import { revealed } from './job-secrets.js';

/**
 * The job that an earlier call with the same request id and input made; undefined where the id is not taken.
 * Throws REQUEST_ID_CONFLICT for other input, JOB_DELETED where the job is deleted since.
 */
export async function findRepeatedJob(
  { database, sealer, limits }: Services,
  { organizationId }: Principal,
  unsafeInput: CreateJobInput,
): Promise<JobRow | undefined> {
  const requestId = unsafeInput.requestId ?? '';
  // What no request id can be is for `parseCreateJob` to refuse.
  if (requestId === '' || requestId.includes('\0')) return undefined;
  const earlier = await findIdempotencyKey(database.db, organizationId, requestId);
  if (earlier === undefined) return undefined;
  // What was within the operator's limits then may be beyond them by now.
  const parsed = tryParse(() => parseCreateJob(unsafeInput, { ...limits, maxParallelism: Number.MAX_SAFE_INTEGER }));
  if (parsed === undefined || !hashInput(sealer, parsed).equals(earlier.inputHash)) {
    throw new DomainError(
      'REQUEST_ID_CONFLICT',
      `The requestId ${JSON.stringify(requestId)} was used with other input`,
    );
  }
  const job = await findJob(database.db, organizationId, earlier.jobId);
  if (job === undefined) throw new DomainError('JOB_DELETED', 'The job that this requestId made is deleted');
  return job;
}

/** Tells whether two inputs are the same once defaults are filled in; says nothing about the secrets in them. */
export function hashInput(sealer: Sealer, { spec, secrets }: ParsedCreateJob): Buffer {
  return sealer.keyedHash(JSON.stringify([spec, revealed(secrets)]));
}

/** Undefined where the input is refused: then it is not what was accepted before. */
function tryParse<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputRefused) return undefined;
    throw error;
  }
}
