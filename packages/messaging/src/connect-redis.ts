import type { Logger } from '@ccluster/runtime';
import { Redis, type RedisOptions } from 'ioredis';

/**
 * What a connection is for. `queue`: adds hints and publishes; fails within a second where Redis is away. `worker`:
 * takes hints; waits for Redis for ever. `subscriber`: receives wake-ups and nothing else.
 */
export type RedisRole = 'queue' | 'worker' | 'subscriber';

const MAX_RECONNECT_DELAY_MS = 2_000;

const failingFast = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 1_000,
  socketTimeout: 5_000,
};

const optionsByRole = {
  queue: failingFast,
  // BullMQ demands null. Its longest blocking command takes 10 s: a socket that owes an answer for longer is dead.
  worker: { maxRetriesPerRequest: null, socketTimeout: 20_000 },
  // Whoever subscribes does it again on each reconnect.
  subscriber: { ...failingFast, autoResubscribe: false },
} satisfies Record<RedisRole, RedisOptions>;

/**
 * Opens a connection that reconnects for ever, within two seconds once Redis answers. Losing Redis is no error of the
 * process: each loss is logged once. Closed by `disconnect()`.
 * @param url redis:// or rediss://
 */
export function connectRedis(url: string, options: { readonly role: RedisRole; readonly log: Logger }): Redis {
  const { role, log } = options;
  const redis = new Redis(url, {
    ...optionsByRole[role],
    connectionName: `ccluster-${role}`,
    connectTimeout: 5_000,
    keepAlive: 10_000,
    retryStrategy: reconnectDelayMs,
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) log.warn({ error, role }, 'Redis is away');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({ role }, 'Redis is back');
    away = false;
  });
  return redis;
}

function reconnectDelayMs(attempt: number): number {
  const ceilingMs = Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RECONNECT_DELAY_MS);
  return ceilingMs * (0.5 + Math.random() / 2);
}
