import { Redis } from 'ioredis';

import { canariesIn, type CanaryForms } from './canary-forms.js';

const KEYS_AT_ONCE = 500;

/**
 * By key, the names of those that stand in it or in its name. Read type by type: Redis' own dump is compressed.
 * @param prefix of the keys that are searched
 */
export async function searchRedis(
  canaries: readonly CanaryForms[],
  redisUrl: string,
  prefix: string,
): Promise<Map<string, string[]>> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 3 });
  try {
    const found = new Map<string, string[]>();
    for (let cursor = '0'; ;) {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_AT_ONCE);
      for (const key of keys) {
        const names = canariesIn(canaries, Buffer.from(`${key}\n${JSON.stringify(await contentOf(redis, key))}`));
        if (names.length > 0) found.set(key, names);
      }
      if (next === '0') return found;
      cursor = next;
    }
  } finally {
    redis.disconnect();
  }
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    case 'none':
      return null;
    default:
      throw new Error(`Redis has a key of type ${type}, which is not searched`);
  }
}
