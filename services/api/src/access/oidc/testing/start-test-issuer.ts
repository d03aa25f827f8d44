import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTHeaderParameters } from 'jose';
import { Provider } from 'oidc-provider';
import type { OidcConfig } from '../oidc-config.js';

export type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

/** A real OIDC issuer in this process, on loopback: it gives its client tokens for the audience `ccluster`. */
export interface TestIssuer {
  readonly config: OidcConfig;
  /** How many requests it has had for its keys. */
  readonly keyRequests: () => number;
  /** A token by the client credentials grant, with these claims besides the issuer's own. */
  newToken(claims: Record<string, unknown>, options?: TokenOptions): Promise<string>;
  /** What somebody who has stolen the issuer's key could sign. */
  forge(claims: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** Nobody answers any more under its address. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  stop(): Promise<void>;
}

interface TokenOptions {
  readonly algorithm?: Algorithm;
  readonly seconds?: number;
}

const CLIENT = { id: 'pipeline', secret: 'a-secret-of-the-test' };
export const AUDIENCE = 'https://ccluster.example/api';

export async function startTestIssuer(): Promise<TestIssuer> {
  let server = createServer();
  const port = await listen(server, 0);
  const issuer = `http://127.0.0.1:${port}`;
  const keys = await createKeys();
  let keyRequests = 0;
  let next = { claims: {} as Record<string, unknown>, algorithm: 'RS256' as Algorithm, seconds: 300 };
  const serve = (on: Server): void => {
    const provider = createProvider(issuer, keys, () => next);
    const callback = provider.callback();
    on.removeAllListeners('request');
    on.on('request', (request, response) => {
      if (request.url === '/jwks') keyRequests += 1;
      void callback(request, response);
    });
  };
  serve(server);
  const goDown = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    config: {
      issuer,
      audience: AUDIENCE,
      jwksUrl: undefined,
      clockToleranceSeconds: 5,
      allowsHttpOnLoopback: true,
      claims: {
        name: 'client_id',
        organization: 'organization',
        organizations: undefined,
        role: 'roles',
        roles: { readers: 'VIEWER', researchers: 'SUBMITTER', admins: 'ADMIN', operators: 'OPERATOR' },
      },
    },
    keyRequests: () => keyRequests,
    newToken: async (claims, { algorithm = 'RS256', seconds = 300 } = {}) => {
      next = { claims, algorithm, seconds };
      return requestToken(issuer);
    },
    forge: async (claims, header = {}) => {
      const [key] = keys;
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: key!.kid!, ...header })
        .sign(await importJWK(key!, 'RS256'));
    },
    goDown,
    comeUp: async () => {
      server = createServer();
      serve(server);
      await listen(server, port);
    },
    stop: () => (server.listening ? goDown() : Promise.resolve()),
  };
}

function createProvider(
  issuer: string,
  keys: readonly JWK[],
  next: () => { readonly claims: Record<string, unknown>; readonly algorithm: Algorithm; readonly seconds: number },
): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [...keys] as never },
    ttl: { ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 300 },
    extraTokenClaims: () => next().claims,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: next().seconds,
          jwt: { sign: { alg: next().algorithm } },
        }),
      },
    },
  });
}

async function createKeys(): Promise<JWK[]> {
  return Promise.all(
    (['RS256', 'ES256', 'EdDSA'] as const).map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: crypto.randomUUID() };
    }),
  );
}

async function requestToken(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CLIENT.id}:${CLIENT.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE }),
  });
  const answer = (await response.json()) as { readonly access_token?: string };
  if (answer.access_token === undefined) throw new Error(`No token: ${JSON.stringify(answer)}`);
  return answer.access_token;
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
