import { randomBytes } from 'node:crypto';
import { createTestDatabase, readTestEnvironment, testRedisPrefix } from '@ccluster/testkit';
import { expect, it } from 'vitest';

import { createKey } from '../support/create-key.js';
import { startService } from '../support/service-process.js';

it('makes the organization and a key that the api knows', async () => {
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
  const key = await createKey(env, 'first', 'OPERATOR');
  const api = await startService('api', 'first-key', env);
  try {
    const response = await fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: '{ viewer { role organization { name } } }' }),
    });
    expect(await response.json()).toEqual({ data: { viewer: { role: 'OPERATOR', organization: { name: 'first' } } } });
  } finally {
    await api.stop();
    await database.drop();
  }
});
