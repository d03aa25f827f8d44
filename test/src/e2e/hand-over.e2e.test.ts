import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { createClient } from '@ccluster/client';
import { createSealer, insertCluster, insertInstanceType, migrate, openDatabase, type Database } from '@ccluster/db';
import { SecretText } from '@ccluster/domain';
import {
  createTestDatabase,
  readTestEnvironment,
  TEST_CLUSTER_ADDRESSES,
  testRedisPrefix,
  waitFor,
  type TestDatabase,
} from '@ccluster/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createKey } from '../support/create-key.js';
import { startService, type ServiceName, type ServiceProcess } from '../support/service-process.js';

const CLUSTER = 'cl_silent';
/** A second, and what a busy machine may add. Without the hand-over: 2 s on average at least, 5 s at most. */
const SOON_MS = 1_500;

let testDatabase: TestDatabase;
let database: Database;
let silent: Server;
const connections = new Set<Socket>();
let env: Record<string, string>;
let api: ServiceProcess;
const started: ServiceProcess[] = [];

/** Takes connections and says nothing: whoever works on a job there is at it for seconds. */
async function startSilentServer(): Promise<string> {
  silent = createServer((socket) => void connections.add(socket.on('error', () => undefined)));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  return `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  database = openDatabase({ url, maxConnections: 2, applicationName: 'test', onIdleError: () => undefined });
  const key = randomBytes(32);
  env = {
    DATABASE_URL: url,
    REDIS_URL: readTestEnvironment().redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: key.toString('base64'),
    CLUSTER_ADDRESSES_ALLOWED: TEST_CLUSTER_ADDRESSES,
  };
  const sealer = createSealer([key]);
  const credentials = JSON.stringify({ server: await startSilentServer(), bearerToken: 'x' });
  const seal = (use: string) => sealer.seal(new SecretText(credentials), `clusters:${CLUSTER}:${use}`);
  await insertCluster(database.db, {
    id: CLUSTER,
    name: 'silent',
    displayName: 'Silent',
    region: 'here',
    namespace: 'jobs',
    kubernetesVersion: 'v1.35.4',
    systemUid: 'uid-silent',
    credentials: seal('credentials'),
    readerCredentials: seal('reader'),
  });
  await insertInstanceType(database.db, {
    id: 'it_silent',
    clusterId: CLUSTER,
    name: 'small',
    gpuType: null,
    gpuCount: 0,
    acceleratorResource: 'nvidia.com/gpu',
    cpuMillicores: 10,
    memoryMib: 16,
    sharedMemoryMib: 1,
    pricePerHourCents: 1,
    nodeSelector: {},
    tolerations: [],
  });
  await database.pool.query('UPDATE instance_types SET room = 10');
  api = await start('api', 1);
});

afterAll(async () => {
  await Promise.all(started.map((service) => service.stop()));
  for (const socket of connections) socket.destroy();
  silent.close();
  await database.close();
  await testDatabase.drop();
});

async function start(name: ServiceName, n: number, settings = env): Promise<ServiceProcess> {
  const service = await startService(name, `hand-over-${n}`, { ...settings, WATCHER_NAME: `watcher-${n}` });
  started.push(service);
  return service;
}

/** From SIGTERM until it holds. */
async function afterStopMs(service: ServiceProcess | undefined, holds: () => Promise<boolean>): Promise<number> {
  if (service === undefined) throw new Error('Nobody to stop');
  const beginMs = performance.now();
  const stopped = service.stop();
  await waitFor(holds, { timeoutMs: 20_000, what: 'another to take over' });
  const tookMs = performance.now() - beginMs;
  await stopped;
  expect(await service.ended()).toBe(0);
  return tookMs;
}

describe('at SIGTERM', () => {
  it('a watcher gives its clusters back, and another takes them within a second or so', async () => {
    const watchers = await Promise.all([start('watcher', 1), start('watcher', 2)]);
    const findHolder = async () => {
      const text = 'SELECT holder FROM cluster_leases WHERE expires_at > now()';
      return (await database.pool.query<{ holder: string }>(text)).rows[0]?.holder;
    };
    const holder = await waitFor(findHolder, { timeoutMs: 10_000, what: 'a watcher to take the cluster' });
    const index = holder === 'watcher-1' ? 0 : 1;
    const other = `watcher-${2 - index}`;
    const tookMs = await afterStopMs(watchers[index], async () => (await findHolder()) === other);
    console.log(`A cluster is watched by another ${Math.round(tookMs)} ms after SIGTERM`);
    await watchers[1 - index]?.stop();
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  it('a dispatcher gives its jobs back, and another works on them within a second or so', async () => {
    const first = await start('dispatcher', 1);
    const apiKey = await createKey(env, 'default', 'SUBMITTER');
    const client = createClient({ url: `${api.address}/graphql`, apiKey });
    const { id } = await client.createJob({ name: 'silent', imageUrl: 'busybox', imageTag: '1' });
    const readClaim = async () => {
      const text = `SELECT epoch, lease_until > now() AS held, state ->> 'phase' AS phase FROM jobs WHERE id = $1`;
      const { rows } = await database.pool.query<{ epoch: number; held: boolean | null; phase: string }>(text, [id]);
      return rows[0];
    };
    const findClaim = async () => {
      const claim = await readClaim();
      return claim?.held === true && claim.phase === 'PLACED' ? claim : undefined;
    };
    const claim = await waitFor(findClaim, { timeoutMs: 10_000, what: 'the job to be worked on' });
    const second = await start('dispatcher', 2);
    expect((await findClaim())?.epoch).toBe(claim.epoch);
    const tookMs = await afterStopMs(first, async () => {
      const now = await readClaim();
      return now?.held === true && now.epoch > claim.epoch;
    });
    console.log(`A job is worked on by another ${Math.round(tookMs)} ms after SIGTERM`);
    await client.close();
    await second.stop();
    expect(tookMs).toBeLessThan(SOON_MS);
  });
});

describe('before the database is migrated', () => {
  it('a dispatcher and a watcher wait, and begin once it is', async () => {
    const { url, drop } = await createTestDatabase();
    const empty = new pg.Client({ connectionString: url });
    await empty.connect();
    await empty.query('DROP SCHEMA public CASCADE; DROP SCHEMA drizzle CASCADE; CREATE SCHEMA public');
    await empty.end();
    const settings = { ...env, DATABASE_URL: url, REDIS_PREFIX: testRedisPrefix() };
    const starting = Promise.all([start('dispatcher', 3, settings), start('watcher', 3, settings)]);
    expect(await Promise.race([starting.then(() => 'ready'), sleep(5_000, 'waiting')])).toBe('waiting');
    await migrate(url);
    const services = await starting;
    await Promise.all(services.map((service) => service.stop()));
    expect(await Promise.all(services.map((service) => service.ended()))).toEqual([0, 0]);
    await drop();
  });
});
