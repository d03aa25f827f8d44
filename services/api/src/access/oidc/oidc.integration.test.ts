import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import { connectTestCaller } from '../../testing/test-caller.js';
import { AUDIENCE, startTestIssuer, type Algorithm, type TestIssuer } from './testing/start-test-issuer.js';

const VIEWER = '{ viewer { principal role organization { name } } }';
const CLAIMS = { organization: 'acme', roles: ['researchers', 'unknown'] };
const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('a token of an OIDC issuer', () => {
  let issuer: TestIssuer;
  let api: TestApi;

  beforeAll(async () => {
    issuer = await startTestIssuer();
    api = await startTestApi({ oidc: issuer.config });
    await api.newKey('acme', 'VIEWER');
  });

  afterAll(async () => {
    await api.stop();
    await issuer.stop();
  });

  const callerOf = (key: string) => connectTestCaller(api.address, { key, organizationId: '' });
  const ask = (token: string, document = VIEWER) => callerOf(token).ask(document);
  const messageOf = async (token: string) => {
    const { status, errors } = await ask(token);
    expect([status, errors?.[0]?.extensions?.['code']]).toEqual([401, 'UNAUTHENTICATED']);
    return errors?.[0]?.message;
  };
  /** What the issuer would say, for what its provider would never sign. */
  const valid = () => ({
    iss: issuer.config.issuer,
    aud: AUDIENCE,
    sub: 'somebody',
    client_id: 'pipeline',
    exp: nowSeconds() + 300,
    ...CLAIMS,
  });

  it.each<Algorithm>(['RS256', 'ES256', 'EdDSA'])('says who calls, signed by %s', async (algorithm) => {
    const { data } = await ask(await issuer.newToken(CLAIMS, { algorithm }));
    expect(data).toEqual({
      viewer: { principal: 'pipeline', role: 'SUBMITTER', organization: { name: 'acme' } },
    });
  });

  it('gives the highest role that its claims are mapped to, and no more', async () => {
    const roleOf = async (roles: unknown) => {
      const { data } = await ask(await issuer.newToken({ organization: 'acme', roles }));
      return (data?.['viewer'] as { role: string } | undefined)?.role;
    };
    expect(await roleOf(['readers', 'admins', 'researchers'])).toBe('ADMIN');
    expect(await roleOf('readers')).toBe('VIEWER');
    expect(await roleOf(['OPERATOR', 'ADMIN', 'toString', '__proto__'])).toBeUndefined();
    const submitter = callerOf(await issuer.newToken(CLAIMS));
    expect(refusalsOf(await submitter.ask('{ apiKeys { id } }'))).toEqual(['FORBIDDEN']);
  });

  it('opens sockets and downloads too', async () => {
    const token = await issuer.newToken(CLAIMS);
    const overSocket = await callerOf(token).first(VIEWER, {}, 5_000);
    expect(overSocket.data).toMatchObject({ viewer: { principal: 'pipeline' } });
    const download = await fetch(`${api.address}/jobs/job_none/log`, { headers: { authorization: `Bearer ${token}` } });
    expect(download.status).toBe(404);
  });

  it('is refused where its claims name no organization that is there, or no role', async () => {
    expect(await messageOf(await issuer.newToken({ roles: ['admins'] }))).toMatch(/organization names no organization/);
    expect(await messageOf(await issuer.newToken({ ...CLAIMS, organization: 'elsewhere' }))).toMatch(/not there/);
    expect(await messageOf(await issuer.newToken({ ...CLAIMS, organization: ['acme', 'b'] }))).toMatch(/more than one/);
    expect(await messageOf(await issuer.newToken({ organization: 'acme', roles: ['unknown'] }))).toMatch(/no role/);
  });

  it.each<[string, (claims: ReturnType<typeof valid>) => object, Partial<JWTHeaderParameters>, RegExp]>([
    ['as it should be', (claims) => claims, {}, /^accepted$/],
    ['for several audiences', (claims) => ({ ...claims, aud: ['other', AUDIENCE] }), {}, /^accepted$/],
    ['that begins within the tolerance', (claims) => ({ ...claims, nbf: nowSeconds() + 3 }), {}, /^accepted$/],
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' }), {}, /claim iss/],
    ['of the issuer with a slash', (claims) => ({ ...claims, iss: `${claims.iss}/` }), {}, /claim iss/],
    ['for another audience', (claims) => ({ ...claims, aud: 'other' }), {}, /claim aud/],
    ['for no audience', (claims) => ({ ...claims, aud: undefined }), {}, /claim aud/],
    ['that is bound to a key', (claims) => ({ ...claims, cnf: { jkt: 'x' } }), {}, /bound to a key/],
    ['without an end', (claims) => ({ ...claims, exp: undefined }), {}, /claim exp/],
    ['without a subject', (claims) => ({ ...claims, sub: undefined }), {}, /claim sub/],
    ['that has expired', (claims) => ({ ...claims, exp: nowSeconds() - 61 }), {}, /expired/],
    ['that has expired just now', (claims) => ({ ...claims, exp: nowSeconds() - 1 }), {}, /expired/],
    ['that begins later', (claims) => ({ ...claims, nbf: nowSeconds() + 60 }), {}, /claim nbf/],
    ['with a key that is not published', (claims) => claims, { kid: 'none' }, /does not publish/],
  ])('%s is told from those that are not for us', async (_, change, header, expected) => {
    const { errors } = await ask(await issuer.forge(change(valid()) as Record<string, unknown>, header));
    expect(errors?.[0]?.message ?? 'accepted').toMatch(expected);
  });

  it('counts with the signature of the issuer only', async () => {
    const stranger = await generateKeyPair('RS256', { extractable: true });
    const sign = (header: JWTHeaderParameters, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(valid()).setProtectedHeader(header).sign(key);
    const genuine = await issuer.forge(valid());
    const kid = (JSON.parse(atob(genuine.split('.')[0]!)) as { kid: string }).kid;
    expect(await messageOf(await sign({ alg: 'RS256', kid }, stranger.privateKey))).toMatch(/signature/);
    const [header, , signature] = genuine.split('.');
    const promoted = btoa(JSON.stringify({ ...valid(), roles: ['operators'] })).replace(/=+$/, '');
    expect(await messageOf(`${header}.${promoted}.${signature}`)).toMatch(/signature|no signed JWT/);
    const unsigned = btoa(JSON.stringify({ alg: 'none', kid })).replace(/=+$/, '');
    expect(await messageOf(`${unsigned}.${promoted}.${signature}`)).toMatch(/signed by one of/);
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(stranger.publicKey)));
    expect(await messageOf(await sign({ alg: 'HS256', kid }, secret))).toMatch(/signed by one of/);
    const { privateKey: pss } = await generateKeyPair('PS256');
    expect(await messageOf(await sign({ alg: 'PS256', kid }, pss))).toMatch(/signed by one of/);
  });

  it('brings no keys along, and is not looked up where it says', async () => {
    const stranger = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(stranger.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' };
    let asked = 0;
    const bait = createServer((_, response) => {
      asked += 1;
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    bait.listen(0, '127.0.0.1');
    await once(bait, 'listening');
    const url = `http://127.0.0.1:${(bait.address() as AddressInfo).port}/keys`;
    try {
      for (const header of [{ jku: url }, { x5u: url }, { jwk }] as Partial<JWTHeaderParameters>[]) {
        const token = await new SignJWT(valid())
          .setProtectedHeader({ alg: 'RS256', kid: 'own', ...header })
          .sign(stranger.privateKey);
        expect(await messageOf(token)).toMatch(/does not publish/);
      }
      expect(asked).toBe(0);
    } finally {
      bait.close();
    }
  });

  it('never shows in an answer or a log line', async () => {
    const token = await issuer.forge({ ...valid(), aud: 'canary-aud-5a1f' });
    const { errors } = await ask(token);
    expect(JSON.stringify(errors) + api.logged()).not.toMatch(/canary-aud-5a1f|eyJ/);
  });

  it('with a made-up key costs the issuer one request in 30 s', async () => {
    const before = issuer.keyRequests();
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, i) => issuer.forge(valid(), { kid: `none-${i}` })));
    await Promise.all(tokens.map(messageOf));
    expect(issuer.keyRequests() - before).toBeLessThanOrEqual(1);
  });

  it('goes on counting while the issuer is down, for keys that are known; elsewhere it says to come again', async () => {
    const token = await issuer.newToken(CLAIMS);
    const fresh = await issuer.newToken(CLAIMS);
    await issuer.goDown();
    const started = await startTestApi({ oidc: issuer.config });
    try {
      await started.newKey('acme', 'VIEWER');
      expect(refusalsOf(await ask(token))).toEqual([]);
      expect(refusalsOf(await ask(fresh))).toEqual([]);
      const elsewhere = connectTestCaller(started.address, { key: token, organizationId: '' });
      const { status, errors } = await elsewhere.ask(VIEWER);
      expect([status, errors?.[0]?.message]).toEqual([401, expect.stringMatching(/try again/)]);
      expect(errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', retryAfterSeconds: 5 });
      await issuer.comeUp();
      await expect.poll(() => elsewhere.ask(VIEWER), { timeout: 15_000, interval: 500 }).toMatchObject({ status: 200 });
    } finally {
      await started.stop();
    }
  });

  it('is no key where no issuer is configured', async () => {
    const plain = await startTestApi();
    try {
      const caller = connectTestCaller(plain.address, { key: await issuer.newToken(CLAIMS), organizationId: '' });
      expect((await caller.ask(VIEWER)).errors?.[0]?.message).toMatch(/no API key/);
    } finally {
      await plain.stop();
    }
  });
});
