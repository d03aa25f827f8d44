import { changeInstanceType, removeInstanceType as remove, withTransaction, type InstanceTypeRow } from '@ccluster/db';
import { parseInstanceTypeChange } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import { requireRole, type Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import { getOwnInstanceType, noInstanceType } from './get-own-cluster.js';
import type { UpdateInstanceTypeInput } from './update-instance-type.input.js';

/** For jobs placed from now on; those that are placed keep what they were given. Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN. */
export async function updateInstanceType(
  services: Services,
  principal: Principal,
  id: string,
  unsafeInput: UpdateInstanceTypeInput,
): Promise<InstanceTypeRow> {
  requireRole(principal, 'ADMIN');
  const change = parseInstanceTypeChange(unsafeInput);
  const { clusterId } = await getOwnInstanceType(services, principal, id);
  const changed = await withTransaction(services.database, (tx) => changeInstanceType(tx, id, change));
  if (changed === undefined) throw noInstanceType(id);
  await services.publish(topics.clusters, { clusterId });
  return changed;
}

/**
 * Nothing is sent there any more; what runs there goes on, and can be resumed there. A job that is placed there and not
 * yet sent is placed anew. Throws NOT_FOUND, FORBIDDEN.
 */
export async function removeInstanceType(services: Services, principal: Principal, id: string): Promise<string> {
  const { clusterId } = await getOwnInstanceType(services, principal, id);
  if (!(await withTransaction(services.database, (tx) => remove(tx, id)))) throw noInstanceType(id);
  await services.publish(topics.clusters, { clusterId });
  return id;
}
