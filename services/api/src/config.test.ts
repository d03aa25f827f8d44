import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.js';

const needed = {
  DATABASE_URL: 'postgres://user:canary@host/db',
  REDIS_URL: 'redis://host',
  CCLUSTER_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
};

describe('parseConfig', () => {
  it('fills in the defaults', () => {
    expect(parseConfig(needed)).toEqual({
      databaseUrl: needed.DATABASE_URL,
      redisUrl: needed.REDIS_URL,
      redisPrefix: 'ccluster',
      host: '127.0.0.1',
      port: 4000,
      encryptionKeys: [Buffer.alloc(32, 7)],
      maxParallelism: 1000,
      clusterAddresses: { allows: expect.any(Function) },
      oidc: undefined,
      rateLimit: { burst: 500_000, perSecond: 100_000 },
      checkingMsPerSecond: 150,
      socketLimits: { perCaller: 1_000, perOrganization: 2_000, perAddress: 2_000 },
      trustedProxies: { trusts: expect.any(Function) },
      graphiql: false,
      drainMs: 0,
      logLevel: 'info',
    });
  });

  it('takes what is set', () => {
    const set = { HOST: '0.0.0.0', PORT: '0', REDIS_PREFIX: 'other', MAX_PARALLELISM: '5', LOG_LEVEL: 'debug' };
    expect(parseConfig({ ...needed, ...set })).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      redisPrefix: 'other',
      maxParallelism: 5,
      logLevel: 'debug',
    });
  });

  it('takes limits of callers', () => {
    const set = {
      RATE_LIMIT_PER_SECOND: '1000',
      RATE_LIMIT_BURST: '60000',
      SOCKETS_PER_CALLER: '3',
      GRAPHIQL: 'on',
      DRAIN_SECONDS: '5',
    };
    expect(parseConfig({ ...needed, ...set })).toMatchObject({
      rateLimit: { burst: 60_000, perSecond: 1_000 },
      socketLimits: { perCaller: 3 },
      graphiql: true,
      drainMs: 5_000,
    });
  });

  it('takes the addresses that clusters may have besides public ones', () => {
    const allowed = (env: Record<string, string>) =>
      parseConfig({ ...needed, ...env }).clusterAddresses.allows('10.8.0.1');
    expect([allowed({}), allowed({ CLUSTER_ADDRESSES_ALLOWED: '10.8.0.0/16' })]).toEqual([false, true]);
  });

  describe('of an OIDC issuer', () => {
    const issuer = {
      OIDC_ISSUER: 'https://issuer.example/tenant',
      OIDC_AUDIENCE: 'ccluster',
      OIDC_ROLES: '{"gpu-admins": "ADMIN"}',
    };
    const parse = (env: Record<string, string>) => parseConfig({ ...needed, ...env });

    it('is none unless it is given', () => {
      expect(parse({}).oidc).toBeUndefined();
    });

    it('fills in the defaults', () => {
      expect(parse(issuer).oidc).toEqual({
        issuer: 'https://issuer.example/tenant',
        audience: 'ccluster',
        jwksUrl: undefined,
        clockToleranceSeconds: 5,
        allowsHttpOnLoopback: false,
        claims: {
          name: 'sub',
          organization: 'organization',
          organizations: undefined,
          role: 'roles',
          roles: { 'gpu-admins': 'ADMIN' },
        },
      });
    });

    it('takes what is set', () => {
      const set = {
        OIDC_JWKS_URL: 'https://keys.example/',
        OIDC_ORGANIZATION_CLAIM: 'https://acme.example/org',
        OIDC_ORGANIZATIONS: '{"a": "Acme, Inc."}',
        OIDC_ROLE_CLAIM: 'realm_access.roles',
        OIDC_NAME_CLAIM: 'email',
        OIDC_CLOCK_TOLERANCE_SECONDS: '60',
      };
      expect(parse({ ...issuer, ...set }).oidc).toMatchObject({
        jwksUrl: 'https://keys.example/',
        clockToleranceSeconds: 60,
        claims: {
          name: 'email',
          organization: 'https://acme.example/org',
          organizations: { a: 'Acme, Inc.' },
          role: 'realm_access.roles',
        },
      });
    });

    it.each<[string, Record<string, string>]>([
      ['OIDC_AUDIENCE', { OIDC_AUDIENCE: '' }],
      ['OIDC_ROLES', { OIDC_ROLES: '' }],
      ['OIDC_ROLES', { OIDC_ROLES: '{"canary": "ROOT"}' }],
      ['OIDC_ROLES', { OIDC_ROLES: '{}' }],
      ['OIDC_ROLES', { OIDC_ROLES: 'canary' }],
      ['OIDC_ORGANIZATIONS', { OIDC_ORGANIZATIONS: '["canary"]' }],
      ['OIDC_AUDIENCE', { OIDC_ISSUER: '' }],
      ['OIDC_ISSUER', { OIDC_ISSUER: 'canary' }],
      ['OIDC_ISSUER', { OIDC_ISSUER: 'http://canary.example' }],
      ['OIDC_ISSUER', { OIDC_ISSUER: 'http://canary.example', OIDC_HTTP_ON_LOOPBACK: 'true' }],
      ['OIDC_ISSUER', { OIDC_ISSUER: 'http://127.0.0.1.canary.example', OIDC_HTTP_ON_LOOPBACK: 'true' }],
      ['OIDC_ISSUER', { OIDC_ISSUER: 'https://user:canary@issuer.example' }],
      ['OIDC_ISSUER', { OIDC_ISSUER: 'http://127.0.0.1:9000' }],
      ['OIDC_JWKS_URL', { OIDC_JWKS_URL: 'http://canary.example/keys' }],
      ['OIDC_CLOCK_TOLERANCE_SECONDS', { OIDC_CLOCK_TOLERANCE_SECONDS: '61' }],
      ['OIDC_HTTP_ON_LOOPBACK', { OIDC_HTTP_ON_LOOPBACK: 'canary' }],
    ])('says that %s is wrong, and no value: %j', (name, change) => {
      expect(() => parse({ ...issuer, ...change })).toThrow(name);
      expect(() => parse({ ...issuer, ...change })).not.toThrow('canary');
    });

    it.each(['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])('takes %s for tests', (url) => {
      expect(parse({ ...issuer, OIDC_ISSUER: url, OIDC_HTTP_ON_LOOPBACK: 'true' }).oidc?.issuer).toBe(url);
    });
  });

  it('names every variable that is missing or wrong, and no value', () => {
    const wrong = {
      DATABASE_URL: 'canary',
      CCLUSTER_ENCRYPTION_KEY: 'canary',
      PORT: '70000',
      LOG_LEVEL: 'canary',
      CLUSTER_ADDRESSES_ALLOWED: 'canary',
      TRUSTED_PROXIES: 'canary',
      RATE_LIMIT_BURST: '59999',
    };
    const parse = () => parseConfig(wrong);
    for (const name of [...Object.keys(wrong), 'REDIS_URL']) expect(parse).toThrow(name);
    expect(parse).not.toThrow('canary');
  });

  it('traces under its own name where a collector is given', () => {
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect(parseConfig({ ...needed, ...tracing }).tracing).toMatchObject({
      url: 'http://collector:4318/v1/traces',
      serviceName: 'ccluster-api',
    });
  });
});
