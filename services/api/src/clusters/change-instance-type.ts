import { changeInstanceType, removeInstanceType as remove, withTransaction, type InstanceTypeRow } from '@ccluster/db';
import { parseInstanceTypeChange } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import type { MutationServices } from '../access/audit/audit.js';
import { requireRole, type Principal } from '../access/principal.js';
import { getOwnInstanceType, noInstanceType } from './get-own-cluster.js';
import type { UpdateInstanceTypeInput } from './update-instance-type.input.js';

/** For jobs placed from now on; those that are placed keep what they were given. Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN. */
export async function updateInstanceType(
  services: MutationServices,
  principal: Principal,
  id: string,
  unsafeInput: UpdateInstanceTypeInput,
): Promise<InstanceTypeRow> {
  requireRole(principal, 'ADMIN');
  const change = parseInstanceTypeChange(unsafeInput);
  const { clusterId } = await getOwnInstanceType(services, principal, id);
  const changed = await withTransaction(services.database, async (tx) => {
    const row = await changeInstanceType(tx, id, change);
    if (row === undefined) throw noInstanceType(id);
    await services.audit.record(tx, id);
    return row;
  });
  await services.publish(topics.clusters, { clusterId });
  return changed;
}

/**
 * Nothing is sent there any more; what runs there goes on, and can be resumed there. A job that is placed there and not
 * yet sent is placed anew. Throws NOT_FOUND, FORBIDDEN.
 */
export async function removeInstanceType(
  services: MutationServices,
  principal: Principal,
  id: string,
): Promise<string> {
  const { clusterId } = await getOwnInstanceType(services, principal, id);
  await withTransaction(services.database, async (tx) => {
    if (!(await remove(tx, id))) throw noInstanceType(id);
    await services.audit.record(tx, id);
  });
  await services.publish(topics.clusters, { clusterId });
  return id;
}
