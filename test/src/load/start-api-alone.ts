import { randomBytes } from 'node:crypto';
import { createTestDatabase, readTestEnvironment, testRedisPrefix } from '@ccluster/testkit';
import type { Role } from '@ccluster/domain';
import { createKey } from '../support/create-key.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

/** An api as a process of its own, on a database of its own, with nothing that would dispatch its jobs. */
export interface ApiAlone extends ServiceProcess {
  newKey(organization: string, role: Role): Promise<string>;
}

/** @param overrides of environment variables. Stopping it drops the database. */
export async function startApiAlone(
  label: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<ApiAlone> {
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ...overrides,
  };
  const api = await startService('api', label, env);
  return {
    ...api,
    newKey: (organization, role) => createKey(env, organization, role),
    stop: async () => {
      await api.stop();
      await database.drop();
    },
  };
}
