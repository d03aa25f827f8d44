import { findClusters, insertInstanceType, uniqueViolation, type InstanceTypeRow } from '@ccluster/db';
import { DomainError, InputRefused, newId, parseInstanceType, type InputIssue } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import { requireRole, type Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import type { CreateInstanceTypeInput } from './create-instance-type.input.js';

/** Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN. */
export async function createInstanceType(
  { database, clock, publish }: Services,
  principal: Principal,
  unsafeInput: CreateInstanceTypeInput,
): Promise<InstanceTypeRow> {
  requireRole(principal, 'ADMIN');
  const input = parseInstanceType(unsafeInput);
  const [cluster] = await findClusters(database.db, principal.organizationId, [input.clusterId]);
  if (cluster === undefined)
    throw new DomainError('NOT_FOUND', `There is no cluster ${JSON.stringify(input.clusterId)}`);
  if (cluster.organizationId === null) requireRole(principal, 'OPERATOR');
  const id = newId('it', clock.nowMs(), (bytes) => crypto.getRandomValues(bytes));
  const row = { ...input, id, nodeSelector: { ...input.nodeSelector }, tolerations: [...input.tolerations] };
  const stored = await insertInstanceType(database.db, row).catch((error: unknown) => {
    throw uniqueViolation(error) === 'instance_types_name' ? new InputRefused([nameTaken(input.name)]) : error;
  });
  await publish(topics.clusters, { clusterId: cluster.id });
  return stored;
}

function nameTaken(name: string): InputIssue {
  const message = `name must be unique in its cluster; got ${JSON.stringify(name)}`;
  return { path: ['name'], code: 'INVALID', message };
}
