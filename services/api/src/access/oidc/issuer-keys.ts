import type { Clock, Logger } from '@ccluster/runtime';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { IssuerUnreachable } from './issuer-unreachable.js';

/** Keys are asked for again so often, while those at hand go on being used. */
const REFRESH_AFTER_MS = 10 * 60_000;
/** What the issuer no longer confirms is no longer trusted. */
const USABLE_FOR_MS = 24 * 3_600_000;
/** Tokens with made-up keys must not become requests to the issuer. */
const COOLDOWN_MS = 30_000;
const COOLDOWN_AFTER_FAILURE_MS = 5_000;

export interface IssuerKeysOptions {
  /** Throws where they cannot be had. */
  readonly fetchKeys: () => Promise<JSONWebKeySet>;
  /** A clock that only goes forward. */
  readonly clock: Clock;
  readonly log: Logger;
}

interface KnownKeys {
  readonly find: JWTVerifyGetKey;
  readonly atMs: number;
}

/**
 * Finds the key of a token among those that the issuer publishes, by its `kid`. One set is kept: it is read when the first
 * token comes, again after 10 minutes, and for a key that is not in it, at most every 30 s. While the issuer cannot be
 * reached the set is used for a day. Throws `IssuerUnreachable` where there is none.
 */
export function createIssuerKeys({ fetchKeys, clock, log }: IssuerKeysOptions): JWTVerifyGetKey {
  let known: KnownKeys | undefined;
  let nextMs = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      known = { find: createLocalJWKSet(await fetchKeys()), atMs: clock.nowMs() };
      nextMs = clock.nowMs() + COOLDOWN_MS;
    } catch (error) {
      nextMs = clock.nowMs() + COOLDOWN_AFTER_FAILURE_MS;
      log.warn({ error }, 'the keys of the OIDC issuer could not be read');
    } finally {
      pending = undefined;
    }
  };
  /** Never throws: what could not be read was logged, once for all who wait. */
  const reload = (): Promise<void> | undefined => {
    if (pending === undefined && clock.nowMs() >= nextMs) pending = load();
    return pending;
  };
  const usable = (): KnownKeys | undefined =>
    known !== undefined && clock.nowMs() - known.atMs < USABLE_FOR_MS ? known : undefined;

  return async (header, token) => {
    if (usable() === undefined) await reload();
    const keys = usable();
    if (keys === undefined) throw new IssuerUnreachable();
    if (clock.nowMs() - keys.atMs >= REFRESH_AFTER_MS) void reload();
    try {
      return await keys.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await reload();
      const newest = usable() ?? keys;
      // It may be a new one, and the issuer does not answer: whoever sends it should come again.
      if (newest === keys && clock.nowMs() - keys.atMs >= COOLDOWN_MS) throw new IssuerUnreachable();
      return newest.find(header, token);
    }
  };
}
