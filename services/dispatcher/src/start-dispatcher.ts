import { createSealer, findClusterAccess, listClusterAccess, openDatabase, type RecordedChange } from '@ccluster/db';
import {
  connectRedis,
  createDispatchQueue,
  createWakeUpPublisher,
  createWakeUps,
  EVERYTHING,
  startDispatchWorker,
  topics,
  type DispatchQueue,
  type PublishWakeUp,
} from '@ccluster/messaging';
import { sleep, startHealthServer, startLoop, systemClock, type Lifecycle, type Logger } from '@ccluster/runtime';
import { createClusterConnections } from './cluster/cluster-connections.js';
import { createClusterGate } from './cluster/cluster-gate.js';
import { openKubernetesCluster } from './cluster/open-kubernetes-cluster.js';
import type { Config } from './config.js';
import type { DispatchContext } from './dispatch-context.js';
import { keepHouse } from './housekeeping/keep-house.js';
import { readJobSecrets } from './job-secrets.js';
import { createReconciler } from './reconcile/reconcile-clusters.js';
import { sweep } from './sweep.js';
import { workOnJob } from './work-on-job.js';

const REDIS_WAIT_MS = 2_000;
const PLACE_WAIT_MS = 500;
const SWEEP_INTERVAL_MS = 2_000;
const REFRESH_INTERVAL_MS = 10_000;
const RECONCILE_INTERVAL_MS = 60_000;
const HOUSEKEEPING_INTERVAL_MS = 300_000;

/** Acquires all that the dispatcher works with, starts it, and registers how each part is given up again. */
export async function startDispatcher(config: Config, lifecycle: Lifecycle, log: Logger): Promise<void> {
  const context = openContext(config, lifecycle, log);
  const { db } = context.database;
  const queue = await openQueue(config, lifecycle, log);
  startRefreshing(config, context, lifecycle);

  const worker = startDispatchWorker({
    redis: connectRedis(config.redis.url, { role: 'worker', log }),
    prefix: config.redis.prefix,
    concurrency: config.concurrency,
    handle: ({ jobId }, signal) => workOnJob(context, jobId, signal),
    log,
  });
  lifecycle.onStop('worker', () => worker.stop());

  const sweeper = startLoop({
    name: 'sweep',
    intervalMs: SWEEP_INTERVAL_MS,
    run: async () => void (await sweep(db, queue)),
    log,
  });
  lifecycle.onStop('sweeper', () => sweeper.stop());

  const reconcile = createReconciler(context);
  const reconciler = startLoop({ name: 'reconcile', intervalMs: RECONCILE_INTERVAL_MS, run: reconcile, log });
  lifecycle.onStop('reconciler', () => reconciler.stop());

  const housekeeper = startLoop({
    name: 'housekeeping',
    intervalMs: HOUSEKEEPING_INTERVAL_MS,
    run: (signal) => keepHouse(context.database, config.retention, signal),
    log,
  });
  lifecycle.onStop('housekeeper', () => housekeeper.stop());

  const health = await startHealthServer({
    ...config.health,
    live: {},
    ready: { postgresql: () => context.database.pool.query('SELECT 1'), redis: () => queue.waitingCount() },
  });
  lifecycle.onStop('health', () => health.stop());
  log.info({ installation: config.installation, concurrency: config.concurrency, healthPort: health.port }, 'started');
}

function openContext(config: Config, lifecycle: Lifecycle, log: Logger): DispatchContext {
  const database = openDatabase({
    url: config.databaseUrl,
    // Each worker holds one at most; the loops and the health check need a few.
    maxConnections: config.concurrency + 4,
    applicationName: 'ccluster-dispatcher',
    onIdleError: (error) => log.warn({ error }, 'An idle connection to PostgreSQL was lost'),
  });
  lifecycle.onStop('database', () => database.close());
  const sealer = createSealer(config.encryptionKey);
  const connections = createClusterConnections(
    (clusterId) => findClusterAccess(database.db, clusterId),
    (access) => openKubernetesCluster(access, sealer, config.installation),
  );
  lifecycle.onStop('clusters', () => connections.close());
  const { nowMs } = systemClock;
  return {
    database,
    connections,
    gate: createClusterGate({
      places: Math.max(Math.floor(config.concurrency / 2), 1),
      waitMs: PLACE_WAIT_MS,
      nowMs,
    }),
    readSecrets: (jobId) => readJobSecrets(database.db, sealer, jobId),
    publish: openPublisher(config, lifecycle, log),
    finishedRetentionMs: config.finishedRetentionMs,
    nowMs,
    log,
  };
}

function openPublisher(config: Config, lifecycle: Lifecycle, log: Logger): DispatchContext['publish'] {
  const redis = connectRedis(config.redis.url, { role: 'queue', log });
  lifecycle.onStop('publisher', () => redis.disconnect());
  const publish = createWakeUpPublisher({ redis, prefix: config.redis.prefix, log });
  return (change) => publishChange(publish, change);
}

function publishChange(publish: PublishWakeUp, { jobId, organizationId, eventSequence: seq }: RecordedChange): void {
  void publish(topics.job, { jobId, seq });
  void publish(topics.jobs, { organizationId, jobId, seq });
}

async function openQueue(config: Config, lifecycle: Lifecycle, log: Logger): Promise<DispatchQueue> {
  const redis = connectRedis(config.redis.url, { role: 'queue', log });
  lifecycle.onStop('queue connection', () => redis.disconnect());
  const queue = createDispatchQueue({ redis, prefix: config.redis.prefix, log });
  lifecycle.onStop('queue', () => queue.close());
  // Without it the first sweep would come too early. Where Redis is away, the sweeps after it find it again.
  const ready = new Promise<void>((resolve) => void redis.once('ready', resolve));
  await Promise.race([ready, sleep(REDIS_WAIT_MS, lifecycle.signal)]);
  return queue;
}

/** Connections follow the clusters' rows: soon after a wake-up, and without one in ten seconds. */
function startRefreshing(config: Config, context: DispatchContext, lifecycle: Lifecycle): void {
  const { log } = context;
  const redis = connectRedis(config.redis.url, { role: 'subscriber', log });
  const wakeUps = createWakeUps({ redis, prefix: config.redis.prefix, log });
  lifecycle.onStop('wake-ups', () => wakeUps.close());
  const changed = wakeUps.open([topics.clusters, EVERYTHING]);
  const loop = startLoop({
    name: 'refresh clusters',
    intervalMs: 0,
    run: async (signal) => {
      await context.connections.refresh(await listClusterAccess(context.database.db));
      await changed.wait(REFRESH_INTERVAL_MS, signal);
    },
    log,
  });
  lifecycle.onStop('cluster refresh', () => loop.stop());
}
