import { createHash } from 'node:crypto';
import { DomainError } from '@ccluster/domain';
import { IssuerUnreachable } from '../../access/oidc/issuer-unreachable.js';
import { RateLimited } from '../../rate-limited.js';
import type { CreateContext, RequestContext } from '../request-context.js';
import { createBuckets } from './token-bucket.js';

/** Of one address: keys that nobody has, each a look into PostgreSQL. */
const REFUSALS = { burst: 500, perSecond: 5 };
/** Looks into PostgreSQL for whoever was not here before: they must not take all its connections. */
const MAX_LOOKUPS = 8;
/** Callers who have been here go in past the ones who try keys from their address. */
const MAX_KNOWN = 10_000;

/** Throws UNAUTHENTICATED, and RATE_LIMITED for an address that has sent too many tokens that are none. */
export type Admit = (address: string, authorization: string | undefined) => Promise<RequestContext>;

/** @param nowMs of a clock that only goes forward */
export function createAdmit(createContext: CreateContext, nowMs: () => number): Admit {
  const refusals = createBuckets(REFUSALS, nowMs);
  const known = new Set<string>();
  const lookUpStranger = atMostAtOnce(MAX_LOOKUPS);
  return async (address, authorization) => {
    const token = createHash('sha256')
      .update(authorization ?? '')
      .digest('base64');
    if (!known.has(token) && refusals.left(address) < 1) {
      throw new RateLimited('Too many requests of this address were of nobody', 1);
    }
    try {
      const lookUp = () => createContext(authorization);
      const context = await (known.has(token) ? lookUp() : lookUpStranger(lookUp));
      if (known.size >= MAX_KNOWN) known.clear();
      known.add(token);
      return context;
    } catch (error) {
      if (error instanceof DomainError && !(error instanceof IssuerUnreachable)) {
        known.delete(token);
        refusals.take(address, 1);
      }
      throw error;
    }
  };
}

/** The others wait for their turn. */
function atMostAtOnce(limit: number): <T>(act: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (act) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await act();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
