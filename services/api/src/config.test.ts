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
      encryptionKey: Buffer.alloc(32, 7),
      maxParallelism: 1000,
      clusterAddresses: { allows: expect.any(Function) },
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

  it('takes the addresses that clusters may have besides public ones', () => {
    const allowed = (env: Record<string, string>) =>
      parseConfig({ ...needed, ...env }).clusterAddresses.allows('10.8.0.1');
    expect([allowed({}), allowed({ CLUSTER_ADDRESSES_ALLOWED: '10.8.0.0/16' })]).toEqual([false, true]);
  });

  it('names every variable that is missing or wrong, and no value', () => {
    const wrong = {
      DATABASE_URL: 'canary',
      CCLUSTER_ENCRYPTION_KEY: 'canary',
      PORT: '70000',
      LOG_LEVEL: 'canary',
      CLUSTER_ADDRESSES_ALLOWED: 'canary',
    };
    const parse = () => parseConfig(wrong);
    for (const name of [...Object.keys(wrong), 'REDIS_URL']) expect(parse).toThrow(name);
    expect(parse).not.toThrow('canary');
  });
});
