import { randomBytes } from 'node:crypto';

import { createClient, type CclusterClient } from '@ccluster/client';
import { openDatabase, type Database } from '@ccluster/db';
import {
  createTestDatabase,
  readTestEnvironment,
  testRedisPrefix,
  waitFor,
  type TestDatabase,
} from '@ccluster/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createKey } from '../support/create-key.js';
import { startDeployTraffic, startWritingLog } from '../support/deploy-traffic.js';
import { OPEN_LIMITS } from '../support/open-limits.js';
import { startReadyBalancer, type ReadyBalancer } from '../support/ready-balancer.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

const ROUNDS = 3;
const FOLLOWERS = 4;
/** The balancer has to notice within it, and `fetch` parts within it with connections on which it has not asked (4 s). */
const DRAIN_SECONDS = 5;

let testDatabase: TestDatabase;
let database: Database;
let apis: ServiceProcess[];
let balancer: ReadyBalancer;
let client: CclusterClient;
let followers: CclusterClient[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  database = openDatabase({ url, maxConnections: 2, applicationName: 'test', onIdleError: () => undefined });
  const env = {
    DATABASE_URL: url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    DRAIN_SECONDS: String(DRAIN_SECONDS),
    ...OPEN_LIMITS,
  };
  const apiKey = await createKey(env, 'default', 'OPERATOR');
  apis = await Promise.all(['deploy-1', 'deploy-2'].map((label) => startService('api', label, env)));
  balancer = await startReadyBalancer(apis.map(({ address }) => address));
  const open = () => createClient({ url: `${balancer.address}/graphql`, apiKey });
  client = open();
  followers = Array.from({ length: FOLLOWERS }, open);
});

afterAll(async () => {
  await Promise.all([client, ...followers].map((each) => each.close()));
  await Promise.all(apis.map((each) => each.stop()));
  await balancer.stop();
  await database.close();
  await testDatabase.drop();
});

/** Takes what comes until it is stopped from outside, by closing its client. */
function gather<T>(items: AsyncIterable<T>): T[] {
  const gathered: T[] = [];
  const run = async (): Promise<void> => {
    for await (const item of items) gathered.push(item);
  };
  void run().catch(() => undefined);
  return gathered;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

it(`answers every request, and tells every follower all, once and in order, while each api is replaced ${ROUNDS} times`, async () => {
  const held = await client.createJob({ name: 'held', imageUrl: 'busybox', imageTag: '1' });
  const log = await startWritingLog(database, held.id);
  const updates = followers.map((each) => gather(each.followJobs()));
  const events = followers.map((each) => gather(each.followEvents(held.id, held.eventCursor)));
  const lines = followers.map((each) => gather(each.followLogs(held.id)));
  await waitFor(() => lines.every((batches) => batches.length > 0), { timeoutMs: 10_000, what: 'the first lines' });
  const traffic = startDeployTraffic(client, held.id, 4);

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const api of apis) {
      const replacedMs = performance.now();
      await api.stop();
      expect(await api.ended()).toBe(0);
      expect(performance.now() - replacedMs).toBeGreaterThan(DRAIN_SECONDS * 1_000);
      await api.start();
      await balancer.untilReady(api.address);
    }
  }

  await traffic.stop();
  await log.stop();
  const stored = await storedEvents(held.id);
  const createdOf = (follower: (typeof updates)[number]) =>
    follower.flatMap((update) => (update.job !== null && update.job?.id !== held.id ? [update.job?.id] : []));
  await waitFor(
    () =>
      updates.every((each) => createdOf(each).length >= traffic.createdIds.length) &&
      events.every((each) => each.length >= stored.length) &&
      lines.every((batches) => batches.flatMap((batch) => batch.lines).length >= log.written()),
    { timeoutMs: 20_000, what: 'followers to have all' },
  );

  console.log(
    `Deploys: ${ROUNDS * apis.length}; answered ${JSON.stringify(traffic.answered)}, failed ${traffic.failures.length}; ` +
      `${stored.length} events, ${traffic.createdIds.length} jobs and ${log.written()} lines to each of ${FOLLOWERS} followers`,
  );
  expect(traffic.failures).toEqual([]);
  expect(balancer.refused()).toBe(0);
  for (const kind of ['query', 'create', 'hold'] as const) expect(traffic.answered[kind]).toBeGreaterThan(50);
  for (const each of updates) {
    const ids = createdOf(each);
    expect(new Set(ids)).toEqual(new Set(traffic.createdIds));
    expect(ids).toHaveLength(traffic.createdIds.length);
    expect(new Set(each.map(({ cursor }) => cursor)).size).toBe(each.length);
  }
  for (const each of events) expect(each.map(({ type, at }) => `${type} ${at}`)).toEqual(stored);
  for (const each of lines) {
    const texts = each.flatMap((batch) => batch.lines).map(({ text }) => Number(text));
    expect(texts).toEqual(upTo(log.written()));
  }
});

async function storedEvents(jobId: string): Promise<string[]> {
  const text = "SELECT type, at FROM job_events WHERE job_id = $1 AND type <> 'CREATED' ORDER BY sequence";
  const { rows } = await database.pool.query<{ type: string; at: Date }>(text, [jobId]);
  return rows.map(({ type, at }) => `${type} ${at.toISOString()}`);
}
