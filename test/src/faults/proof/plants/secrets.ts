import { appendFileSync } from 'node:fs';

import { Redis } from 'ioredis';

import type { Plant } from '../ground.js';

/** One secret in each kind of place, each in another form. */
export const secrets: readonly Plant[] = [
  {
    what: 'a secret in the log of a service',
    plant: async ({ logFile, canaries }) => {
      appendFileSync(logFile, `${JSON.stringify({ level: 50, msg: `refused: ${canaries['in a log']}` })}\n`);
      return [{ rule: 'I6', subject: 'in a log' }];
    },
  },
  {
    what: 'a secret in base64 in PostgreSQL',
    plant: async ({ database, jobs: { flipped }, canaries }) => {
      const packed = Buffer.from(`user:${canaries['in PostgreSQL']}`).toString('base64');
      await database.query('update jobs set created_by = $1 where id = $2', [packed, flipped.id]);
      return [{ rule: 'I6', subject: 'in PostgreSQL' }];
    },
  },
  {
    what: 'a secret in a URL in Redis',
    plant: async ({ platform, canaries }) => {
      const redis = new Redis(platform.env.REDIS_URL, { maxRetriesPerRequest: 3 });
      const url = `https://registry/?token=${encodeURIComponent(canaries['in Redis'] ?? '')}`;
      await redis.hset(`${platform.env.REDIS_PREFIX}:planted`, { failedReason: url });
      await redis.quit();
      return [{ rule: 'I6', subject: 'in Redis' }];
    },
  },
];
