import { createLogger } from '@ccluster/runtime';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIssuerKeys } from './issuer-keys.js';
import { IssuerUnreachable } from './issuer-unreachable.js';

const MINUTE_MS = 60_000;

interface SignedBy {
  readonly token: string;
  readonly keys: JSONWebKeySet;
}

async function signBy(kid: string): Promise<SignedBy> {
  const { privateKey, publicKey } = (await generateKeyPair('ES256')) as Record<'privateKey' | 'publicKey', CryptoKey>;
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
  return { token, keys: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] } };
}

describe('the keys of an issuer', () => {
  let old: SignedBy;
  let young: SignedBy;
  let nowMs: number;
  let requests: number;
  /** undefined: the issuer does not answer. */
  let published: JSONWebKeySet | undefined;
  let opens: (signed: SignedBy) => Promise<string>;

  beforeAll(async () => {
    [old, young] = [await signBy('old'), await signBy('young')];
  });

  beforeEach(() => {
    [nowMs, requests, published] = [0, 0, old.keys];
    const keys = createIssuerKeys({
      clock: { nowMs: () => nowMs },
      log: createLogger('test', { write: () => {} }),
      fetchKeys: async () => {
        requests += 1;
        if (published === undefined) throw new Error('The issuer does not answer');
        return published;
      },
    });
    opens = async ({ token }) => {
      try {
        await jwtVerify(token, keys);
        return 'yes';
      } catch (error) {
        return error instanceof IssuerUnreachable ? 'try again' : (error as { code: string }).code;
      }
    };
  });

  it('are read once for many tokens at once', async () => {
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => opens(old))))).toEqual(new Set(['yes']));
    expect(requests).toBe(1);
  });

  it('are read again for a new one, at most every 30 s', async () => {
    await opens(old);
    published = young.keys;
    nowMs = 29_000;
    expect(await opens(young)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(requests).toBe(1);
    nowMs = 31_000;
    expect(await opens(young)).toBe('yes');
    expect(await opens(old)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(requests).toBe(2);
  });

  it('open nothing soon after the issuer has withdrawn them', async () => {
    await opens(old);
    published = young.keys;
    nowMs = 10 * MINUTE_MS;
    expect(await opens(old)).toBe('yes');
    await new Promise(setImmediate);
    expect(await opens(old)).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });

  it('stay for a day while the issuer does not answer, and no longer', async () => {
    await opens(old);
    published = undefined;
    for (let hour = 1; hour < 24; hour += 1) {
      nowMs = hour * 60 * MINUTE_MS;
      expect(await opens(old)).toBe('yes');
      expect(await opens(young)).toBe('try again');
    }
    nowMs = 24 * 60 * MINUTE_MS;
    expect(await opens(old)).toBe('try again');
  });

  it('are asked for every five seconds where there are none yet', async () => {
    published = undefined;
    for (nowMs = 0; nowMs < 20_000; nowMs += 100) expect(await opens(old)).toBe('try again');
    expect(requests).toBe(4);
    published = old.keys;
    expect(await opens(old)).toBe('yes');
  });
});
