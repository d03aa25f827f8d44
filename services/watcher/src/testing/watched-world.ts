import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  createSealer,
  decodeLogChunk,
  jobEvents,
  jobs,
  listPodsOfJob,
  logChunks,
  openDatabase,
  type Database,
} from '@ccluster/db';
import { SecretText, type JobSpec, type JobStatus } from '@ccluster/domain';
import {
  clusterAddressesVariable,
  connectCluster,
  parseKubeconfig,
  readClusterIdentity,
  type ClusterConnection,
  type ClusterCredentials,
} from '@ccluster/kubernetes';
import { createLogger, sleep, createMetrics, withoutCrash, type Loop } from '@ccluster/runtime';
import {
  aJobSpec,
  createTestDatabase,
  readTestEnvironment,
  startTcpFaultProxy,
  TEST_CLUSTER_ADDRESSES,
  waitFor,
  type FaultProxy,
} from '@ccluster/testkit';
import { parseReasonTable } from '../observe/parse-reason-rules.js';
import { startWatchingClusters, type WatchClustersOptions } from '../watch-clusters.js';
import {
  insertPlacedJob,
  newTestId,
  placementIn,
  recordAll,
  registerTestCluster,
  type TestCluster,
} from './armed-job.js';
import { ensureNamespace, postTestJob, testInstallation, type TestJob } from './test-job.js';

const log = createLogger('watcher-test');
log.level = 'silent';

const clusterAddresses = clusterAddressesVariable.parse(TEST_CLUSTER_ADDRESSES);

/** A real cluster, seen through a proxy that can break the connection, and a database of the test's own. */
export class WatchedWorld {
  readonly #installation = testInstallation();
  readonly #sealer = createSealer([randomBytes(32)]);
  readonly #posted: TestJob[] = [];
  readonly #watching: Loop[] = [];

  private constructor(
    readonly database: Database,
    readonly proxy: FaultProxy,
    readonly systemUid: string,
    readonly admin: ClusterConnection,
    readonly credentials: ClusterCredentials,
    readonly dropDatabase: () => Promise<void>,
  ) {}

  static async open(): Promise<WatchedWorld> {
    const [target] = readTestEnvironment().clusters;
    if (target === undefined) throw new Error('The test environment has no cluster');
    const { url, drop } = await createTestDatabase();
    const database = openDatabase({ url, maxConnections: 12, applicationName: 'test', onIdleError: () => {} });
    const admin = connectCluster(parseKubeconfig(readFileSync(target.kubeconfig, 'utf8')), {
      addresses: clusterAddresses,
      requestTimeoutMs: 10_000,
    });
    const { systemUid } = await readClusterIdentity(admin);
    const credentials = parseKubeconfig(readFileSync(target.watcherKubeconfig, 'utf8'));
    const { hostname, port } = new URL(credentials.server);
    const proxy = await startTcpFaultProxy({ target: { host: hostname, port: Number(port) } });
    // The proxy listens on the address that the server's certificate is for.
    const proxied = { ...credentials, server: `https://${hostname}:${proxy.port}` };
    return new WatchedWorld(database, proxy, systemUid, admin, proxied, drop);
  }

  async close(): Promise<void> {
    await this.stopWatching();
    await Promise.all(this.#posted.map((job) => job.delete()));
    await Promise.all([this.admin.close(), this.proxy.close(), this.database.close()]);
    await this.dropDatabase();
  }

  /** @param systemUid the identity that it is registered with */
  async register(systemUid: string = this.systemUid): Promise<TestCluster> {
    const id = newTestId('cl');
    const sealed = this.#sealer.seal(new SecretText(JSON.stringify(this.credentials)), `clusters:${id}:reader`);
    const cluster = await registerTestCluster(this.database, { id, systemUid, readerCredentials: sealed });
    await ensureNamespace(this.admin, cluster.namespace);
    return cluster;
  }

  watch(watcherName: string, overrides: Partial<WatchClustersOptions> = {}): Loop {
    const watching = startWatchingClusters({
      database: this.database,
      sealer: this.#sealer,
      clusterAddresses,
      watcherName,
      installation: this.#installation,
      reasons: parseReasonTable('{"default": {"image-pull-refused": {"failsAfterSeconds": 3}}}'),
      logDrainMs: 30_000,
      unreachableAfterMs: 1_000,
      logLimitBytes: 1024 * 1024,
      wakeUp: { wait: (timeoutMs, signal) => sleep(Math.min(timeoutMs, 200), signal), close: () => {} },
      announcer: { change: () => {}, logs: () => {}, capacity: () => {}, cluster: () => Promise.resolve() },
      nowMs: () => performance.now(),
      atRisk: withoutCrash,
      metrics: createMetrics(),
      log,
      ...overrides,
    });
    this.#watching.push(watching);
    return watching;
  }

  async stopWatching(): Promise<void> {
    await Promise.all(this.#watching.splice(0).map((each) => each.stop()));
  }

  /** Posts, arms and releases, as the dispatcher does. */
  async startJob(
    cluster: TestCluster,
    overrides: Partial<JobSpec>,
  ): Promise<{ readonly id: string; readonly job: TestJob }> {
    const { image } = readTestEnvironment();
    const name = `t${randomBytes(4).toString('hex')}`;
    const spec = aJobSpec({ imageUrl: image.url, imageTag: image.tag, name, ...overrides });
    const id = await insertPlacedJob(this.database, cluster, spec);
    const where = { installation: this.#installation, clusterId: cluster.id, namespace: cluster.namespace };
    const job = await postTestJob(this.admin, where, id, spec);
    this.#posted.push(job);
    await recordAll(this.database, id, [{ type: 'ARMED', kubernetesUid: job.uid, placement: placementIn(cluster) }]);
    await this.applyIntent(id, job, false, 1);
    return { id, job };
  }

  async applyIntent(id: string, job: TestJob, suspend: boolean, intent: number): Promise<void> {
    const resourceVersion = await job.setSuspend(suspend, intent);
    await recordAll(this.database, id, [{ type: 'INTENT_APPLIED', intent, released: true, resourceVersion }]);
  }

  async getJob(id: string): Promise<typeof jobs.$inferSelect> {
    const row = (await this.database.db.select().from(jobs)).find((each) => each.id === id);
    if (row === undefined) throw new Error('The job has no row');
    return row;
  }

  untilStatus(id: string, status: JobStatus, timeoutMs = 40_000): Promise<typeof jobs.$inferSelect> {
    const find = async () => {
      const row = await this.getJob(id);
      return row.status === status ? row : undefined;
    };
    return waitFor(find, { timeoutMs, what: `the job to be ${status}` });
  }

  async eventsOf(id: string): Promise<(typeof jobEvents.$inferSelect)[]> {
    const events = (await this.database.db.select().from(jobEvents)).filter((event) => event.jobId === id);
    return events.toSorted((left, right) => left.sequence - right.sequence);
  }

  /** By "index/attempt": its lines in the order of their numbers; a gap as its code. */
  async linesOf(id: string): Promise<Record<string, string[]>> {
    const pods = await listPodsOfJob(this.database.db, id);
    const names = new Map(pods.map((pod) => [pod.id, `${pod.index}/${pod.attempt}`]));
    const lines: Record<string, string[]> = {};
    const chunks = (await this.database.db.select().from(logChunks)).filter((chunk) => chunk.jobId === id);
    for (const chunk of chunks.toSorted((left, right) => left.id - right.id)) {
      const known = (lines[names.get(chunk.podId) ?? '?'] ??= []);
      if (chunk.firstNumber !== known.length + 1) throw new Error(`Chunk ${chunk.id} begins at ${chunk.firstNumber}`);
      known.push(
        ...decodeLogChunk(chunk.body).map((each) => (each.kind === 'gap' ? each.code : each.bytes.toString())),
      );
    }
    return lines;
  }
}
