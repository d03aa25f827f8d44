import { followSchema, listClusterAccess, wakeJobsOnCluster } from '@ccluster/db';
import {
  connectRedis,
  createDispatchQueue,
  createWakeUps,
  EVERYTHING,
  startDispatchWorker,
  topics,
  type DispatchQueue,
} from '@ccluster/messaging';
import { createMetrics, sleep, startHealthServer, startLoop, type Lifecycle, type Logger } from '@ccluster/runtime';
import { createClusterFollower } from './cluster/follow-clusters.js';
import type { Config } from './config.js';
import type { DispatchContext } from './dispatch-context.js';
import { countWaiting } from './dispatch-metrics.js';
import { keepHouse } from './housekeeping/keep-house.js';
import { openContext } from './open-context.js';
import { createReconciler } from './reconcile/reconcile-clusters.js';
import { removeClusters } from './removal/remove-clusters.js';
import { sweep } from './sweep.js';
import { workOnJob } from './work-on-job.js';

const REDIS_WAIT_MS = 2_000;
const SWEEP_INTERVAL_MS = 2_000;
const REFRESH_INTERVAL_MS = 10_000;
const REMOVAL_INTERVAL_MS = 2_000;
const RECONCILE_INTERVAL_MS = 60_000;
const HOUSEKEEPING_INTERVAL_MS = 300_000;

/** Acquires all that the dispatcher works with, starts it, and registers how each part is given up again. */
export async function startDispatcher(config: Config, lifecycle: Lifecycle, log: Logger): Promise<void> {
  const queue = await openQueue(config, lifecycle, log);
  const metrics = createMetrics();
  const context = openContext({ config, queue, lifecycle, metrics, log });
  countWaiting(metrics, context.database, queue);
  const schema = followSchema(context.database, lifecycle.signal, (what, error) => log.warn({ error }, what));
  const health = await startHealthServer({
    ...config.health,
    live: {},
    ready: {
      postgresql: () => context.database.pool.query('SELECT 1'),
      redis: () => queue.waitingCount(),
      schema: schema.check,
    },
    metrics,
  });
  lifecycle.onStop('health', () => health.stop());
  await schema.there;
  if (lifecycle.signal.aborted) return;
  startRefreshing(config, context, lifecycle);
  startWorking(config, context, queue, lifecycle);
  startSweeping(context, queue, lifecycle);
  startRemoving(context, lifecycle);
  startReconciling(context, lifecycle);
  startHousekeeping(config, context, lifecycle);
  log.info({ installation: config.installation, concurrency: config.concurrency, healthPort: health.port }, 'started');
}

function startWorking(config: Config, context: DispatchContext, queue: DispatchQueue, lifecycle: Lifecycle): void {
  const { log } = context;
  const worker = startDispatchWorker({
    redis: connectRedis(config.redis.url, { role: 'worker', log }),
    prefix: config.redis.prefix,
    concurrency: config.concurrency,
    handle: ({ jobId }, signal) => workOnJob(context, jobId, signal),
    log,
  });
  lifecycle.onStop('worker', async () => {
    await worker.stop();
    // The jobs whose claims were just given back: another dispatcher need not wait for its own sweep.
    await sweep(context.database.db, queue).catch((error: unknown) =>
      log.warn({ error }, 'jobs that were given back were not hinted; another sweep finds them'),
    );
  });
}

function startSweeping(context: DispatchContext, queue: DispatchQueue, lifecycle: Lifecycle): void {
  const { database, log } = context;
  const run = () => sweep(database.db, queue);
  const loop = startLoop({ name: 'sweep', intervalMs: SWEEP_INTERVAL_MS, run, log });
  lifecycle.onStop('sweeper', () => loop.stop());
}

function startRemoving(context: DispatchContext, lifecycle: Lifecycle): void {
  const run = (signal: AbortSignal) => removeClusters(context, signal);
  const loop = startLoop({ name: 'remove clusters', intervalMs: REMOVAL_INTERVAL_MS, run, log: context.log });
  lifecycle.onStop('remover', () => loop.stop());
}

function startReconciling(context: DispatchContext, lifecycle: Lifecycle): void {
  const run = createReconciler(context);
  const loop = startLoop({ name: 'reconcile', intervalMs: RECONCILE_INTERVAL_MS, run, log: context.log });
  lifecycle.onStop('reconciler', () => loop.stop());
}

function startHousekeeping(config: Config, context: DispatchContext, lifecycle: Lifecycle): void {
  const run = (signal: AbortSignal) => keepHouse(context.database, config.retention, signal);
  const loop = startLoop({ name: 'housekeeping', intervalMs: HOUSEKEEPING_INTERVAL_MS, run, log: context.log });
  lifecycle.onStop('housekeeper', () => loop.stop());
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
  const wakeJobs = (clusterId: string) => wakeJobsOnCluster(context.database.db, clusterId);
  const follow = createClusterFollower(context.connections, context.gate, wakeJobs);
  const loop = startLoop({
    name: 'refresh clusters',
    intervalMs: 0,
    run: async (signal) => {
      await follow(await listClusterAccess(context.database.db));
      await changed.wait(REFRESH_INTERVAL_MS, signal);
    },
    log,
  });
  lifecycle.onStop('cluster refresh', () => loop.stop());
}
