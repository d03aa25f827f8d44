import {
  insertOrganization,
  uniqueViolation,
  withTransaction,
  type OrganizationRow,
  type Queryable,
} from '@ccluster/db';
import { InputRefused, newId, parseCreateOrganization, type InputIssue } from '@ccluster/domain';
import type { MutationServices } from './audit/audit.js';
import type { CreateOrganizationInput } from './organization.input.js';
import { requireRole, type Principal } from './principal.js';

/** Throws BAD_USER_INPUT, FORBIDDEN. */
export async function createOrganization(
  { database, clock, audit }: MutationServices,
  principal: Principal,
  unsafeInput: CreateOrganizationInput,
): Promise<OrganizationRow> {
  requireRole(principal, 'OPERATOR');
  const input = parseCreateOrganization(unsafeInput);
  const id = newId('org', clock.nowMs(), (bytes) => crypto.getRandomValues(bytes));
  const store = async (tx: Queryable) => {
    const organization = await insertOrganization(tx, { ...input, id });
    await audit.record(tx, id, id);
    return organization;
  };
  return withTransaction(database, store).catch((error: unknown) => {
    throw uniqueViolation(error) === 'organizations_name_unique' ? new InputRefused([nameTaken(input.name)]) : error;
  });
}

function nameTaken(name: string): InputIssue {
  const message = `name must be unique in the installation; got ${JSON.stringify(name)}`;
  return { path: ['name'], code: 'INVALID', message };
}
