import { expect, it } from 'vitest';
import { parseConfig } from './config.js';

const given = {
  DATABASE_URL: 'postgres://db',
  REDIS_URL: 'redis://r',
  CCLUSTER_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
};

it('has ordinary values for everything but the addresses and the key', () => {
  expect(parseConfig(given, 'host-7')).toEqual({
    databaseUrl: 'postgres://db',
    redisUrl: 'redis://r',
    redisPrefix: 'ccluster',
    encryptionKeys: [Buffer.alloc(32, 7)],
    installation: 'default',
    clusterAddresses: { allows: expect.any(Function) },
    watcherName: 'host-7',
    health: { host: '127.0.0.1', port: 4002 },
    logLevel: 'info',
    reasons: { of: expect.any(Function) },
    logDrainMs: 60_000,
    unreachableAfterMs: 30_000,
    logLimitBytes: 1024 ** 3,
  });
});

it('takes the addresses that clusters may have besides public ones', () => {
  const allowed = (env: Record<string, string>) =>
    parseConfig({ ...given, ...env }, 'a').clusterAddresses.allows('10.8.0.1');
  expect([allowed({}), allowed({ CLUSTER_ADDRESSES_ALLOWED: '10.8.0.0/16' })]).toEqual([false, true]);
});

it('names every problem at once, and shows no value', () => {
  const wrong = {
    ...given,
    DATABASE_URL: '',
    CCLUSTER_ENCRYPTION_KEY: 'c2hvcnQ=',
    LOG_DRAIN_SECONDS: 'soon',
    REASONS: '{',
  };
  expect(() => parseConfig(wrong, 'host-7')).toThrow(
    /DATABASE_URL.*CCLUSTER_ENCRYPTION_KEY.*REASONS: .*must be JSON.*LOG_DRAIN_SECONDS/s,
  );
  expect(() => parseConfig(wrong, 'host-7')).not.toThrow(/c2hvcnQ=/);
});

it('traces under its own name where a collector is given', () => {
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  expect(parseConfig({ ...given, ...tracing }, 'a').tracing).toMatchObject({
    url: 'http://collector:4318/v1/traces',
    serviceName: 'ccluster-watcher',
  });
});
