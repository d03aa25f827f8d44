import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.js';

const key = Buffer.alloc(32, 7);
const needed = {
  DATABASE_URL: 'postgres://localhost/ccluster',
  REDIS_URL: 'redis://localhost',
  CCLUSTER_ENCRYPTION_KEY: key.toString('base64'),
};

describe('parseConfig', () => {
  it('needs three variables', () => {
    expect(parseConfig(needed)).toEqual({
      databaseUrl: 'postgres://localhost/ccluster',
      redis: { url: 'redis://localhost', prefix: 'ccluster' },
      encryptionKeys: [key],
      installation: 'default',
      clusterAddresses: { allows: expect.any(Function) },
      concurrency: 16,
      health: { host: '127.0.0.1', port: 4001 },
      finishedRetentionMs: 60_000,
      retention: { logDays: 30, logBytes: 256 * 1024 ** 3, eventDays: 30 },
      logLevel: 'info',
    });
  });

  it('takes the others', () => {
    const config = parseConfig({
      ...needed,
      REDIS_PREFIX: 'p',
      CCLUSTER_INSTALLATION: 'staging',
      CLUSTER_ADDRESSES_ALLOWED: '10.0.0.0/8',
      CONCURRENCY: '4',
      HEALTH_HOST: '0.0.0.0',
      HEALTH_PORT: '0',
      FINISHED_RETENTION_SECONDS: '0',
      LOG_LEVEL: 'debug',
    });
    expect(config.clusterAddresses.allows('10.8.0.1')).toBe(true);
    expect(config).toMatchObject({
      redis: { prefix: 'p' },
      installation: 'staging',
      concurrency: 4,
      health: { host: '0.0.0.0', port: 0 },
      finishedRetentionMs: 0,
      logLevel: 'debug',
    });
  });

  it('tells of everything that is missing or wrong at once', () => {
    const env = { CCLUSTER_ENCRYPTION_KEY: 'short', CCLUSTER_INSTALLATION: 'no spaces', CONCURRENCY: '0' };
    const wrong = ['DATABASE_URL', 'REDIS_URL', 'CCLUSTER_ENCRYPTION_KEY', 'CCLUSTER_INSTALLATION', 'CONCURRENCY'];
    for (const name of wrong) expect(() => parseConfig(env)).toThrow(name);
  });

  it('traces under its own name where a collector is given', () => {
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
    expect(parseConfig({ ...needed, ...tracing }).tracing).toMatchObject({
      url: 'http://collector:4318/v1/traces',
      serviceName: 'ccluster-dispatcher',
    });
  });
});
