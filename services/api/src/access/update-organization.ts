import {
  lockOrganization,
  saveMaxGpus,
  wakePlaceableJobs,
  withTransaction,
  type OrganizationRow,
  type Queryable,
} from '@ccluster/db';
import { DomainError, isStorable, parseUpdateOrganization } from '@ccluster/domain';
import type { Services } from '../services.js';
import type { MutationServices } from './audit/audit.js';
import type { UpdateOrganizationInput } from './organization.input.js';
import { requireRole, type Principal } from './principal.js';

/**
 * Sets how many GPUs an organization may hold. Jobs that a higher limit lets go are sent at once; what a lower one would
 * not allow goes on, and what comes next waits. Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN.
 */
export async function updateOrganization(
  services: MutationServices,
  principal: Principal,
  id: string,
  unsafeInput: UpdateOrganizationInput,
): Promise<OrganizationRow> {
  requireRole(principal, 'OPERATOR');
  const { maxGpus } = parseUpdateOrganization(unsafeInput);
  const update = async (tx: Queryable) => {
    const before = isStorable(id) ? await lockOrganization(tx, id) : undefined;
    if (before === undefined) throw new DomainError('NOT_FOUND', `There is no organization ${JSON.stringify(id)}`);
    const after = { ...before, maxGpus: maxGpus === undefined ? before.maxGpus : maxGpus };
    if (after.maxGpus !== before.maxGpus) await saveMaxGpus(tx, id, after.maxGpus);
    await services.audit.record(tx, id, id);
    return { before, after };
  };
  const { before, after } = await withTransaction(services.database, update);
  if (limitOf(after) > limitOf(before)) await wakeJobs(services);
  return after;
}

function limitOf({ maxGpus }: OrganizationRow): number {
  return maxGpus ?? Number.POSITIVE_INFINITY;
}

/** Without this a watcher would do it, within its next count of a cluster. */
async function wakeJobs({ database, dispatchQueue }: Services): Promise<void> {
  const woken = await wakePlaceableJobs(database.db);
  await Promise.all(woken.map(({ id, eventSequence }) => dispatchQueue.hint({ jobId: id, version: eventSequence })));
}
