import { createLogger, type Logger } from '@ccluster/runtime';
import { readTestEnvironment, startTcpFaultProxy, testRedisPrefix, waitFor, type FaultProxy } from '@ccluster/testkit';
import type { Redis } from 'ioredis';
import { connectRedis, type RedisRole } from '../connect-redis.js';

/** The environment's Redis behind a proxy, under a prefix of the test's own. */
export interface BreakableRedis {
  readonly prefix: string;
  readonly log: Logger;
  readonly proxy: FaultProxy;
  connect(role: RedisRole): Redis;
  connectReady(role: RedisRole): Promise<Redis>;
  /** Ends all its connections. */
  close(): Promise<void>;
}

export async function startBreakableRedis(): Promise<BreakableRedis> {
  const url = new URL(readTestEnvironment().redisUrl);
  const proxy = await startTcpFaultProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.host = `${proxy.host}:${proxy.port}`;
  const log = createLogger('test', { write: () => undefined });
  const connections: Redis[] = [];
  const connect = (role: RedisRole): Redis => {
    const redis = connectRedis(url.href, { role, log });
    connections.push(redis);
    return redis;
  };
  const connectReady = async (role: RedisRole): Promise<Redis> => {
    const redis = connect(role);
    await waitFor(() => redis.status === 'ready', { timeoutMs: 5_000, what: 'Redis' });
    return redis;
  };
  const close = async (): Promise<void> => {
    for (const redis of connections) redis.disconnect();
    await proxy.close();
  };
  return { prefix: testRedisPrefix(), log, proxy, connect, connectReady, close };
}
