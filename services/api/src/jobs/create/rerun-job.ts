import {
  findSealedJobSecrets,
  sealContexts,
  type JobRow,
  type KeyedHash,
  type Queryable,
  type Sealer,
} from '@ccluster/db';
import {
  countIndexes,
  DomainError,
  inheritedIndexes,
  inheritTasks,
  parseIndexSet,
  parseRerunJob,
  type InheritedTasks,
  type ParsedRerunJob,
} from '@ccluster/domain';
import { requireRole, type Principal } from '../../access/principal.js';
import type { MutationServices } from '../../access/audit/audit.js';
import { announceJob } from '../announce-job.js';
import { getFinishedJob, lockFinishedJob } from '../control/finished-job.js';
import { findRepeatedJob } from './repeated-job.js';
import type { RerunJobInput } from './rerun-job.input.js';
import { storeJob } from './store-job.js';
import { parseOrRefuse, readPlacement, type Asked, type IsFine } from './stored-issues.js';

/**
 * A new job with the inputs of a finished one, secret ones too, under a new name. Throws BAD_USER_INPUT as `createJob`
 * does, REQUEST_ID_CONFLICT, JOB_DELETED, NOT_FOUND, JOB_NOT_FINISHED, NOTHING_TO_RERUN, FORBIDDEN.
 */
export async function rerunJob(
  services: MutationServices,
  principal: Principal,
  sourceId: string,
  unsafeInput: RerunJobInput,
): Promise<JobRow> {
  requireRole(principal, 'SUBMITTER');
  const { database, sealer } = services;
  const { organizationId } = principal;
  const keyedHash = await services.keyedHash();
  const hash = (parsed: ParsedRerunJob) => hashInput(keyedHash, sourceId, parsed);
  const hashAsBefore = () => hash(parseRerunJob(unsafeInput));
  const repeated = await findRepeatedJob(services, principal, unsafeInput.requestId, hashAsBefore);
  if (repeated !== undefined) return repeated;
  const source = await getFinishedJob(database.db, organizationId, sourceId);
  const readAsked = (isFine: IsFine) => whatCanBeRead(unsafeInput, source, isFine);
  const parsed = await parseOrRefuse(database.db, organizationId, () => parseRerunJob(unsafeInput), readAsked);
  const request = { name: parsed.name, requestId: parsed.requestId, inputHash: hash(parsed) };
  const job = await storeJob(services, principal, request, async (id, tx) =>
    copyOf(tx, sealer, await lockFinishedJob(tx, organizationId, sourceId), id, parsed),
  );
  if (job === undefined) return rerunJob(services, principal, sourceId, unsafeInput);
  await announceJob(services, job);
  return job;
}

/** `createJob`'s begins with an object, so the two never match. */
function hashInput(keyedHash: KeyedHash, sourceId: string, { name, onlyFailed, placement }: ParsedRerunJob): Buffer {
  return keyedHash(JSON.stringify(['rerunJob', sourceId, name, onlyFailed, placement]));
}

async function copyOf(tx: Queryable, sealer: Sealer, source: JobRow, id: string, parsed: ParsedRerunJob) {
  const { hasImagePullSecret, warnings } = source;
  const requestedPlacement = parsed.placement ?? source.spec.requestedPlacement;
  return {
    spec: { ...source.spec, name: parsed.name, requestedPlacement },
    warnings,
    hasImagePullSecret,
    sealedSecrets: await resealedSecrets(tx, sealer, source.id, id),
    rerunOf: source.id,
    inherited: parsed.onlyFailed ? inheritedFrom(source) : [],
  };
}

async function resealedSecrets(tx: Queryable, sealer: Sealer, sourceId: string, id: string): Promise<Buffer> {
  const sealed = await findSealedJobSecrets(tx, sourceId);
  if (sealed === undefined) throw new Error(`Job ${sourceId} has no secrets`);
  return sealer.seal(sealer.open(sealed, sealContexts.jobSecrets(sourceId)), sealContexts.jobSecrets(id));
}

function inheritedFrom({ id, spec, succeededIndexes, inherited }: JobRow): readonly InheritedTasks[] {
  const { completions, name } = spec;
  const succeeded = parseIndexSet(succeededIndexes, completions);
  const inheriting = inheritTasks({ id, completions, succeeded, inherited });
  if (countIndexes(inheritedIndexes(inheriting, completions)) === completions) {
    throw new DomainError('NOTHING_TO_RERUN', `Every task of the job ${name} has succeeded`);
  }
  return inheriting;
}

function whatCanBeRead({ name, placement }: RerunJobInput, { spec }: JobRow, isFine: IsFine): Asked {
  return {
    name: isFine('name') ? name : null,
    requestedPlacement: placement == null ? spec.requestedPlacement : readPlacement(placement, isFine),
    parallelism: spec.parallelism,
  };
}
