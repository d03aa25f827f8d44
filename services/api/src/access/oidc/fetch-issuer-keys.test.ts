import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchIssuerKeys } from './fetch-issuer-keys.js';
import type { OidcConfig } from './oidc-config.js';

const KEYS = { keys: [{ kty: 'EC', kid: '1' }] };
const DISCOVERY = '/tenant/.well-known/openid-configuration';

describe('the keys of an issuer', () => {
  let server: Server;
  let address: string;
  let answers: Record<string, unknown>;
  let respond: RequestListener | undefined;

  beforeEach(async () => {
    respond = undefined;
    server = createServer((request, response) => {
      if (respond !== undefined) return respond(request, response);
      const answer = answers[request.url ?? ''];
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    answers = { [DISCOVERY]: { issuer: `${address}/tenant`, jwks_uri: `${address}/keys` }, '/keys': KEYS };
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const fetchKeys = (change: Partial<OidcConfig> = {}) =>
    fetchIssuerKeys({
      issuer: `${address}/tenant`,
      audience: 'ccluster',
      jwksUrl: undefined,
      clockToleranceSeconds: 5,
      allowsHttpOnLoopback: true,
      claims: { name: 'sub', organization: 'organization', organizations: undefined, role: 'roles', roles: {} },
      ...change,
    });

  it('are found where its discovery document says, or where the operator says', async () => {
    expect(await fetchKeys()).toEqual(KEYS);
    answers[DISCOVERY] = undefined;
    expect(await fetchKeys({ jwksUrl: `${address}/keys` })).toEqual(KEYS);
  });

  it('are not taken from the document of another issuer', async () => {
    answers[DISCOVERY] = { issuer: 'https://other.example', jwks_uri: `${address}/keys` };
    await expect(fetchKeys()).rejects.toThrow('the document of another issuer');
  });

  it.each(['http://192.0.2.1/keys', 'file:///etc/keys', 'keys'])('are not looked for at %s', async (jwks_uri) => {
    answers[DISCOVERY] = { issuer: `${address}/tenant`, jwks_uri };
    await expect(fetchKeys()).rejects.toThrow('not https');
  });

  it('are not looked for at http where that is not allowed', async () => {
    await expect(fetchKeys({ allowsHttpOnLoopback: false })).rejects.toThrow('not https');
  });

  it.each<[string, unknown]>([
    ['no object', []],
    ['without keys', {}],
    ['of nonsense', { keys: [7] }],
    ['of too many', { keys: Array.from({ length: 101 }, () => ({ kty: 'EC' })) }],
  ])('are refused where the set is %s', async (_, set) => {
    answers['/keys'] = set;
    await expect(fetchKeys()).rejects.toThrow();
  });

  it('are not looked for where a redirect leads', async () => {
    respond = (_, response) => response.writeHead(302, { location: `${address}/keys` }).end();
    await expect(fetchKeys()).rejects.toThrow();
  });

  it('are given up where the answer never ends', async () => {
    respond = (_, response) => {
      const more = (): void => {
        while (response.write(' '.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    };
    await expect(fetchKeys()).rejects.toThrow('more than 262144 bytes');
  });

  it('are given up where no answer comes for five seconds', async () => {
    respond = () => {};
    const begunMs = performance.now();
    await expect(fetchKeys()).rejects.toThrow(/time/i);
    expect(performance.now() - begunMs).toBeLessThan(10_000);
  });
});
