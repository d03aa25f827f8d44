import { createHash } from 'node:crypto';
import { findApiKey, findOrganizationByName, noteApiKeyUse, type Queryable } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import type { Clock } from '@ccluster/runtime';
import { hashApiKey, isApiKey } from './api-key.js';
import type { VerifyToken } from './oidc/verify-token.js';
import type { Principal } from './principal.js';

/** A caller, and how long what it has shown stands for it. */
export interface Authenticated {
  readonly principal: Principal;
  /** By a clock that only goes forward; Infinity: no end is set. */
  readonly validUntilMs: number;
}

/**
 * The caller that an `Authorization` value stands for. Throws UNAUTHENTICATED, which is `IssuerUnreachable` where nobody
 * can tell now. A key that is revoked is known for five seconds more; nothing is known past its end.
 */
export type Authenticate = (authorization: string | undefined) => Promise<Authenticated>;

export interface AuthenticateOptions {
  readonly db: Queryable;
  /** One that only goes forward. */
  readonly clock: Clock;
  /** undefined: API keys only. */
  readonly verifyToken: VerifyToken | undefined;
}

const KNOWN_FOR_MS = 5_000;
const MAX_KNOWN = 10_000;
const MAX_TOKEN_CHARACTERS = 16 * 1024;
const TOKEN_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { clock } = options;
  const known = new Map<string, { readonly caller: Authenticated; readonly untilMs: number }>();
  return async (authorization) => {
    const token = parseBearer(authorization);
    const cacheKey = createHash('sha256').update(token).digest('base64');
    const hit = known.get(cacheKey);
    if (hit !== undefined && hit.untilMs > clock.nowMs()) return hit.caller;
    const caller = await findCaller(token, options);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(cacheKey, { caller, untilMs: Math.min(clock.nowMs() + KNOWN_FOR_MS, caller.validUntilMs) });
    return caller;
  };
}

function parseBearer(authorization: string | undefined): string {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated('Send an API key as "Authorization: Bearer cck_…"');
  return token;
}

async function findCaller(token: string, { db, clock, verifyToken }: AuthenticateOptions): Promise<Authenticated> {
  const askedMs = clock.nowMs();
  if (isApiKey(token)) return findKeysCaller(db, token, askedMs);
  if (verifyToken === undefined) throw unauthenticated('The bearer token is no API key: one begins with cck_');
  if (token.length > MAX_TOKEN_CHARACTERS || !TOKEN_FORM.test(token))
    throw unauthenticated('The bearer token is neither an API key (cck_…) nor a JWT');
  const { subject, name, organizationName, role, validForMs } = await verifyToken(token);
  const organization = await findOrganizationByName(db, organizationName);
  if (organization === undefined) throw unauthenticated('The token is for an organization that is not there');
  const principal = { organizationId: organization.id, id: subject, name, role, kind: 'TOKEN' } as const;
  return { principal, validUntilMs: askedMs + validForMs };
}

async function findKeysCaller(db: Queryable, key: string, askedMs: number): Promise<Authenticated> {
  const found = await findApiKey(db, hashApiKey(key));
  if (found === undefined) throw unauthenticated('The API key is unknown, revoked or expired');
  const { id, organizationId, name, role, validForMs } = found;
  await noteApiKeyUse(db, id);
  const validUntilMs = validForMs === null ? Number.POSITIVE_INFINITY : askedMs + validForMs;
  return { principal: { organizationId, id, name, role, kind: 'KEY' }, validUntilMs };
}

function unauthenticated(message: string): DomainError {
  return new DomainError('UNAUTHENTICATED', message);
}
