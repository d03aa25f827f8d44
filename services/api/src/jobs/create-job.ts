import {
  findJobByName,
  insertIdempotencyKey,
  insertJob,
  uniqueViolation,
  withTransaction,
  type JobRow,
  type Queryable,
} from '@ccluster/db';
import {
  InputRefused,
  newId,
  parseCreateJob,
  parseRequestedPlacement,
  type InputIssue,
  type ParsedCreateJob,
  type RequestedPlacement,
} from '@ccluster/domain';
import { requireRole, type Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import { announceJob } from './announce-job.js';
import { findPlacementIssues } from './check-placement.js';
import type { CreateJobInput } from './create-job.input.js';
import { sealJobSecrets } from './job-secrets.js';
import { findRepeatedJob, hashInput } from './repeated-job.js';

/**
 * Accepts a job: once this has answered, only its end can remove it. Throws BAD_USER_INPUT with all issues at once,
 * those of the input and those of what is stored; REQUEST_ID_CONFLICT; JOB_DELETED; FORBIDDEN.
 */
export async function createJob(
  services: Services,
  principal: Principal,
  unsafeInput: CreateJobInput,
): Promise<JobRow> {
  requireRole(principal, 'SUBMITTER');
  const repeated = await findRepeatedJob(services, principal, unsafeInput);
  if (repeated !== undefined) return repeated;
  const parsed = await parseOrRefuse(services, principal, unsafeInput);
  const job = await storeJob(services, principal, parsed);
  if (job === undefined) return createJob(services, principal, unsafeInput);
  await announceJob(services, job);
  return job;
}

async function parseOrRefuse(
  { database, limits }: Services,
  { organizationId }: Principal,
  unsafeInput: CreateJobInput,
): Promise<ParsedCreateJob> {
  try {
    return parseCreateJob(unsafeInput, limits);
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    const asked = whatCanBeRead(unsafeInput, error.issues);
    throw new InputRefused([...error.issues, ...(await findStoredIssues(database.db, organizationId, asked))]);
  }
}

/** @returns undefined where another call with the same request id was first */
async function storeJob(
  { database, sealer, clock }: Services,
  { organizationId, name: createdBy }: Principal,
  parsed: ParsedCreateJob,
): Promise<JobRow | undefined> {
  const { spec, secrets, warnings, requestId } = parsed;
  const id = newId('job', clock.nowMs(), (bytes) => crypto.getRandomValues(bytes));
  const key =
    requestId === null ? null : { organizationId, requestId, inputHash: hashInput(sealer, parsed), jobId: id };
  const sealedSecrets = sealJobSecrets(sealer, id, secrets);
  const hasImagePullSecret = secrets.imagePull !== null;
  return withTransaction(database, async (tx) => {
    // First of all: a twin of this call waits here, and then finds the job instead of its name taken.
    if (key !== null && !(await insertIdempotencyKey(tx, key))) return undefined;
    const issues = await findStoredIssues(tx, organizationId, spec);
    if (issues.length > 0) throw new InputRefused(issues);
    return insertJob(tx, { id, organizationId, spec, warnings, hasImagePullSecret, sealedSecrets, createdBy });
  }).catch((error: unknown) => {
    throw uniqueViolation(error) === 'jobs_name' ? new InputRefused([nameTaken(spec.name)]) : error;
  });
}

/** What an input asks for of what is stored; null: that part of it cannot be read. */
interface Asked {
  readonly name: string | null;
  readonly requestedPlacement: RequestedPlacement | null;
  readonly parallelism: number;
}

async function findStoredIssues(db: Queryable, organizationId: string, asked: Asked): Promise<InputIssue[]> {
  const { name, requestedPlacement, parallelism } = asked;
  const isTaken = name !== null && (await findJobByName(db, organizationId, name)) !== undefined;
  return [
    ...(isTaken ? [nameTaken(name)] : []),
    ...(requestedPlacement === null
      ? []
      : await findPlacementIssues(db, organizationId, requestedPlacement, parallelism)),
  ];
}

function whatCanBeRead(unsafeInput: CreateJobInput, issues: readonly InputIssue[]): Asked {
  const isFine = (field: string) => !issues.some((issue) => issue.path[0] === field);
  return {
    name: isFine('name') ? unsafeInput.name : null,
    requestedPlacement: isFine('placement') ? parseRequestedPlacement(unsafeInput.placement) : null,
    parallelism: (isFine('parallelism') && unsafeInput.parallelism) || 1,
  };
}

function nameTaken(name: string): InputIssue {
  const message = `name must be unique among the organization's jobs; got ${JSON.stringify(name)}`;
  return { path: ['name'], code: 'JOB_NAME_TAKEN', message };
}
