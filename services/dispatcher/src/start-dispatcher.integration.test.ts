import { openDatabase } from '@ccluster/db';
import { createLogger, startLifecycle } from '@ccluster/runtime';
import { createTestDatabase, readTestEnvironment, testRedisPrefix, waitFor } from '@ccluster/testkit';
import { expect, it } from 'vitest';
import { parseConfig } from './config.js';
import { startDispatcher } from './start-dispatcher.js';
import { insertJob, insertOrganization } from './testing/insert-rows.js';

it('finds a job that nobody hinted, and says what it waits for; then stops', async () => {
  const testDatabase = await createTestDatabase();
  const log = createLogger('test');
  log.level = 'silent';
  const lifecycle = startLifecycle({ log, stopTimeoutMs: 5_000 });
  const database = openDatabase({
    url: testDatabase.url,
    maxConnections: 2,
    applicationName: 'test',
    onIdleError: () => undefined,
  });
  await insertOrganization(database);
  const jobId = await insertJob(database);
  const config = parseConfig({
    DATABASE_URL: testDatabase.url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    HEALTH_PORT: '0',
  });
  await startDispatcher(config, lifecycle, log);
  const findReason = async () => {
    const text = `SELECT state -> 'reason' ->> 'code' AS code FROM jobs WHERE id = $1`;
    return (await database.pool.query<{ code: string | null }>(text, [jobId])).rows[0]?.code;
  };
  const code = await waitFor(findReason, { timeoutMs: 10_000, what: 'the job to say why it waits' });
  expect(code).toBe('NO_MATCHING_OFFER');
  // Rejects where any part does not stop in time.
  await lifecycle.stop();
  await database.close();
  await testDatabase.drop();
});
