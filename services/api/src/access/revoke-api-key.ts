import { findApiKeyById, revokeKey, withTransaction, type Queryable } from '@ccluster/db';
import { DomainError, includesRole, isStorable } from '@ccluster/domain';
import type { MutationServices } from './audit/audit.js';
import { requireRole, type Principal } from './principal.js';

/**
 * Ends a key: requests with it are refused within seconds, and what it has open is closed. Operators end those of any
 * organization; nobody ends one of a role above their own. Answers a revoked key alike. Throws NOT_FOUND, FORBIDDEN.
 */
export async function revokeApiKey(
  { database, audit }: MutationServices,
  principal: Principal,
  id: string,
): Promise<string> {
  requireRole(principal, 'ADMIN');
  const ownerId = includesRole(principal.role, 'OPERATOR') ? undefined : principal.organizationId;
  return withTransaction(database, async (tx: Queryable) => {
    const key = isStorable(id) ? await findApiKeyById(tx, ownerId, id) : undefined;
    if (key === undefined) throw new DomainError('NOT_FOUND', `There is no key ${JSON.stringify(id)}`);
    requireRole(principal, key.role);
    await revokeKey(tx, key.id);
    await audit.record(tx, key.id, key.organizationId);
    return key.id;
  });
}
