import {
  insertInstanceType,
  uniqueViolation,
  withTransaction,
  type InstanceTypeRow,
  type Queryable,
} from '@ccluster/db';
import { InputRefused, newId, parseInstanceType, type InputIssue } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import type { MutationServices } from '../access/audit/audit.js';
import { requireRole, type Principal } from '../access/principal.js';
import type { CreateInstanceTypeInput } from './create-instance-type.input.js';
import { getOwnCluster } from './get-own-cluster.js';

/** Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN. */
export async function createInstanceType(
  services: MutationServices,
  principal: Principal,
  unsafeInput: CreateInstanceTypeInput,
): Promise<InstanceTypeRow> {
  requireRole(principal, 'ADMIN');
  const { database, clock, publish, audit } = services;
  const input = parseInstanceType(unsafeInput);
  const cluster = await getOwnCluster(services, principal, input.clusterId);
  const id = newId('it', clock.nowMs(), (bytes) => crypto.getRandomValues(bytes));
  const row = { ...input, id, nodeSelector: { ...input.nodeSelector }, tolerations: [...input.tolerations] };
  const store = async (tx: Queryable) => {
    await audit.record(tx, id);
    return insertInstanceType(tx, row);
  };
  const stored = await withTransaction(database, store).catch((error: unknown) => {
    throw uniqueViolation(error) === 'instance_types_name' ? new InputRefused([nameTaken(input.name)]) : error;
  });
  await publish(topics.clusters, { clusterId: cluster.id });
  return stored;
}

function nameTaken(name: string): InputIssue {
  const message = `name must be unique in its cluster; got ${JSON.stringify(name)}`;
  return { path: ['name'], code: 'INVALID', message };
}
