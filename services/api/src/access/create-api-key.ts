import {
  countValidApiKeys,
  insertApiKey,
  lockOrganization,
  withTransaction,
  type ApiKeyRow,
  type Queryable,
} from '@ccluster/db';
import { DomainError, InputRefused, newId, parseCreateApiKey } from '@ccluster/domain';
import type { MutationServices } from './audit/audit.js';
import type { CreateApiKeyInput } from './api-key.input.js';
import { hashApiKey, newApiKey } from './api-key.js';
import { requireRole, type Principal } from './principal.js';

/** Of one organization, neither revoked nor expired: a list of them is given as a whole. */
export const MAX_VALID_KEYS = 1_000;

/**
 * A new key, and its secret, which is kept nowhere. Nobody gives a role above their own, and only operators a key of
 * another organization. Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN.
 */
export async function createApiKey(
  { database, clock, audit }: MutationServices,
  principal: Principal,
  unsafeInput: CreateApiKeyInput,
): Promise<{ readonly apiKey: ApiKeyRow; readonly secret: string }> {
  requireRole(principal, 'ADMIN');
  const { name, role, expiresAt, organizationId: wanted } = parseCreateApiKey(unsafeInput, clock.nowMs());
  const organizationId = wanted ?? principal.organizationId;
  // Whether there is such an organization makes no difference.
  if (organizationId !== principal.organizationId) requireRole(principal, 'OPERATOR');
  requireRole(principal, role);
  const random = (bytes: Uint8Array) => crypto.getRandomValues(bytes);
  const secret = newApiKey(random);
  const id = newId('key', clock.nowMs(), random);
  const createdBy = principal.name;
  const store = async (tx: Queryable) => {
    await checkRoom(tx, organizationId);
    await audit.record(tx, id, organizationId);
    return insertApiKey(tx, { id, organizationId, name, role, secretHash: hashApiKey(secret), createdBy, expiresAt });
  };
  return { apiKey: await withTransaction(database, store), secret };
}

/** Two at a time do not both take the last place. */
async function checkRoom(tx: Queryable, organizationId: string): Promise<void> {
  if ((await lockOrganization(tx, organizationId)) === undefined)
    throw new DomainError('NOT_FOUND', `There is no organization ${JSON.stringify(organizationId)}`);
  if ((await countValidApiKeys(tx, organizationId)) < MAX_VALID_KEYS) return;
  const message = `The organization has ${MAX_VALID_KEYS.toLocaleString('en')} keys, the most there may be: revoke some first`;
  throw new InputRefused([{ path: [], code: 'LIMIT_EXCEEDED', message }]);
}
