import { DomainError } from '@ccluster/domain';
import type { Clock } from '@ccluster/runtime';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { OidcConfig } from './oidc-config.js';
import { readClaims, type TokenCaller } from './token-claims.js';

/** Signatures with a secret, or none at all, could be made by whoever has read the issuer's keys. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

interface VerifiedToken extends TokenCaller {
  /** Until its end. */
  readonly validForMs: number;
}

/** Throws UNAUTHENTICATED for what is not a valid token of the issuer for this installation. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

/**
 * @param keys finds the issuer's; keys that a token brings along, or links to, are not looked at
 * @param clock of the system: ends are given by it
 */
export function createVerifyToken(config: OidcConfig, keys: JWTVerifyGetKey, clock: Clock): VerifyToken {
  const { issuer, audience, clockToleranceSeconds: clockTolerance } = config;
  return async (token) => {
    const nowMs = clock.nowMs();
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      clockTolerance,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(nowMs),
    }).catch(throwRefusal);
    const validForMs = remainingMs(payload, nowMs);
    // The tolerance is for beginnings only: past its end a token opens nothing, and no socket stays open.
    if (validForMs <= 0) throw refusal('it has expired');
    // Whoever has it should have to show that key too, which nobody here asks for.
    if (payload['cnf'] !== undefined) throw refusal('it is bound to a key of its bearer');
    const caller = readClaims(payload, config.claims);
    if (typeof caller === 'string') throw refusal(caller);
    return { ...caller, validForMs };
  };
}

function remainingMs({ exp = 0 }: JWTPayload, nowMs: number): number {
  return exp * 1000 - nowMs;
}

function throwRefusal(error: unknown): never {
  throw error instanceof errors.JOSEError ? refusal(reasonOf(error)) : error;
}

/** In our own words: jose's may repeat what is in the token. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is not what it must be`;
  if (error instanceof errors.JOSEAlgNotAllowed) return `it is not signed by one of ${ALGORITHMS.join(', ')}`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with a key that the issuer does not publish';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'it does not say with which key it is signed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it is no signed JWT';
}

function refusal(reason: string): DomainError {
  return new DomainError('UNAUTHENTICATED', `The token is refused: ${reason}`);
}
