import { findApiKey, noteApiKeyUse, type Queryable } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import type { Clock } from '@ccluster/runtime';
import { hashApiKey, isApiKey } from './api-key.js';
import type { Principal } from './principal.js';

/**
 * The caller that an `Authorization` value stands for. Throws UNAUTHENTICATED.
 * A key that is revoked or expires is known for five seconds more.
 */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

const KNOWN_FOR_MS = 5_000;
const MAX_KNOWN = 10_000;

export function createAuthenticate(db: Queryable, clock: Clock): Authenticate {
  const known = new Map<string, { readonly principal: Principal; readonly untilMs: number }>();
  return async (authorization) => {
    const key = parseBearer(authorization);
    const secretHash = hashApiKey(key);
    const cacheKey = secretHash.toString('base64');
    const hit = known.get(cacheKey);
    if (hit !== undefined && hit.untilMs > clock.nowMs()) return hit.principal;
    const principal = await findPrincipal(db, secretHash);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(cacheKey, { principal, untilMs: clock.nowMs() + KNOWN_FOR_MS });
    return principal;
  };
}

function parseBearer(authorization: string | undefined): string {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated('Send an API key as "Authorization: Bearer cck_…"');
  if (!isApiKey(token)) throw unauthenticated('The bearer token is no API key: one begins with cck_');
  return token;
}

async function findPrincipal(db: Queryable, secretHash: Buffer): Promise<Principal> {
  const found = await findApiKey(db, secretHash);
  if (found === undefined) throw unauthenticated('The API key is unknown, revoked or expired');
  await noteApiKeyUse(db, found.id);
  return { organizationId: found.organizationId, name: found.name, role: found.role };
}

function unauthenticated(message: string): DomainError {
  return new DomainError('UNAUTHENTICATED', message);
}
