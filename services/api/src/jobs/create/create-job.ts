import type { JobRow, KeyedHash } from '@ccluster/db';
import { parseCreateJob, type ParsedCreateJob } from '@ccluster/domain';
import { requireRole, type Principal } from '../../access/principal.js';
import type { Services } from '../../services.js';
import type { MutationServices } from '../../access/audit/audit.js';
import { announceJob } from '../announce-job.js';
import type { CreateJobInput } from './create-job.input.js';
import { revealed, sealJobSecrets } from './job-secrets.js';
import { findRepeatedJob } from './repeated-job.js';
import { storeJob } from './store-job.js';
import { parseOrRefuse, readPlacement, type Asked, type IsFine } from './stored-issues.js';

/**
 * Accepts a job: once this has answered, only its end can remove it. Throws BAD_USER_INPUT with all issues at once,
 * those of the input and those of what is stored; REQUEST_ID_CONFLICT; JOB_DELETED; FORBIDDEN.
 */
export async function createJob(
  services: MutationServices,
  principal: Principal,
  unsafeInput: CreateJobInput,
): Promise<JobRow> {
  requireRole(principal, 'SUBMITTER');
  const { database, limits } = services;
  const keyedHash = await services.keyedHash();
  const hash = (parsed: ParsedCreateJob) => hashInput(keyedHash, parsed);
  // What was within the operator's limits then may be beyond them by now.
  const unlimited = { ...limits, maxParallelism: Number.MAX_SAFE_INTEGER };
  const hashAsBefore = () => hash(parseCreateJob(unsafeInput, unlimited));
  const repeated = await findRepeatedJob(services, principal, unsafeInput.requestId, hashAsBefore);
  if (repeated !== undefined) return repeated;
  const parse = () => parseCreateJob(unsafeInput, limits);
  const readAsked = (isFine: IsFine) => whatCanBeRead(unsafeInput, isFine);
  const parsed = await parseOrRefuse(database.db, principal.organizationId, parse, readAsked);
  const request = { name: parsed.spec.name, requestId: parsed.requestId, inputHash: hash(parsed) };
  const job = await storeJob(services, principal, request, async (id) => newJob(services, id, parsed));
  if (job === undefined) return createJob(services, principal, unsafeInput);
  await announceJob(services, job);
  return job;
}

function newJob({ sealer }: Services, id: string, { spec, secrets, warnings }: ParsedCreateJob) {
  const sealedSecrets = sealJobSecrets(sealer, id, secrets);
  return { spec, warnings, hasImagePullSecret: secrets.imagePull !== null, sealedSecrets };
}

/** Tells whether two inputs are the same once defaults are filled in; says nothing about the secrets in them. */
function hashInput(keyedHash: KeyedHash, { spec, secrets }: ParsedCreateJob): Buffer {
  return keyedHash(JSON.stringify([spec, revealed(secrets)]));
}

function whatCanBeRead(unsafeInput: CreateJobInput, isFine: IsFine): Asked {
  return {
    name: isFine('name') ? unsafeInput.name : null,
    requestedPlacement: readPlacement(unsafeInput.placement, isFine),
    parallelism: (isFine('parallelism') && unsafeInput.parallelism) || 1,
  };
}
