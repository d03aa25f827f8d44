import { randomBytes } from 'node:crypto';
import { createSealer, openDatabase, type Database, type EncryptionKeys } from '@ccluster/db';
import { SecretText } from '@ccluster/domain';
import { clusterAddressesVariable } from '@ccluster/kubernetes';
import { createLogger, createMetrics, sleep, withoutCrash, type Logger, type Loop } from '@ccluster/runtime';
import { createTestDatabase, TEST_CLUSTER_ADDRESSES } from '@ccluster/testkit';
import { parseReasonTable } from '../observe/parse-reason-rules.js';
import { startWatchingClusters } from '../watch-clusters.js';
import { newTestId, registerTestCluster, type TestCluster } from './armed-job.js';
import { startClusterServer, type ClusterServer } from './cluster-server.js';

/** A watcher of whatever clusters the test's own server plays, on a database of the test's own. */
export interface WatchedServer {
  readonly server: ClusterServer;
  readonly database: Database;
  query(text: string, ...values: unknown[]): Promise<Record<string, unknown>[]>;
  /** Registers what the server shows to that token; its identity is `uid-<token>`, if not given. */
  register(token: string, systemUid?: string): Promise<TestCluster>;
  /** Another token for the watcher, as `updateCluster` stores it. */
  replaceToken(clusterId: string, token: string): Promise<void>;
  /** What its credentials are sealed with. */
  readonly key: Buffer;
  /** Its watchers, the first with that key. */
  readonly watches: readonly Loop[];
  /** Another one. */
  watch(watcherName: string, keys: EncryptionKeys, unreachableAfterMs: number): Loop;
  /** All that watchers have logged. */
  readonly logged: () => string;
  stop(): Promise<void>;
}

export async function startWatchedServer(installation: string): Promise<WatchedServer> {
  const lines: string[] = [];
  const log = createLogger('watcher-test', { write: (line: string) => void lines.push(line) });
  const server = await startClusterServer();
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, maxConnections: 12, applicationName: 'test', onIdleError: () => {} });
  const key = randomBytes(32);
  const sealer = createSealer([key]);
  let wakeUp: () => void = () => undefined;
  const watches: Loop[] = [];
  const watch: WatchedServer['watch'] = (watcherName, keys, unreachableAfterMs) => {
    const loop = startWatchingClusters({
      ...ordinary(log),
      database,
      sealer: createSealer(keys),
      watcherName,
      installation,
      unreachableAfterMs,
      wakeUp: {
        wait: (timeoutMs, signal) => {
          const woken = new Promise<void>((resolve) => (wakeUp = resolve));
          return Promise.race([sleep(Math.min(timeoutMs, 500), signal), woken]);
        },
        close: () => {},
      },
    });
    watches.push(loop);
    return loop;
  };
  watch('first', [key], 30_000);
  const seal = (id: string, token: string) =>
    sealer.seal(new SecretText(JSON.stringify(server.credentials(token))), `clusters:${id}:reader`);
  const query: WatchedServer['query'] = async (text, ...values) =>
    (await database.pool.query<Record<string, unknown>>(text, values)).rows;
  return {
    server,
    database,
    key,
    watches,
    watch,
    logged: () => lines.join(''),
    query,
    register: async (token, systemUid = `uid-${token}`) => {
      const id = newTestId('cl');
      const cluster = await registerTestCluster(database, { id, systemUid, readerCredentials: seal(id, token) });
      wakeUp();
      return cluster;
    },
    replaceToken: async (id, token) => {
      await query('UPDATE clusters SET reader_credentials = $1 WHERE id = $2', seal(id, token), id);
      wakeUp();
    },
    stop: async () => {
      await Promise.all(watches.map((loop) => loop.stop()));
      await server.stop();
      await database.close();
      await drop();
    },
  };
}

/** What is of no matter to these tests. */
function ordinary(log: Logger) {
  return {
    clusterAddresses: clusterAddressesVariable.parse(TEST_CLUSTER_ADDRESSES),
    reasons: parseReasonTable('{}'),
    logDrainMs: 30_000,
    logLimitBytes: 1024 * 1024,
    announcer: { change: () => {}, logs: () => {}, capacity: () => {}, cluster: () => Promise.resolve() },
    nowMs: () => performance.now(),
    atRisk: withoutCrash,
    metrics: createMetrics(),
    log,
  };
}
