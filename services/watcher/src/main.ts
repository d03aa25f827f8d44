import { hostname } from 'node:os';
import { createSealer, followSchema, openDatabase } from '@ccluster/db';
import {
  connectRedis,
  createDispatchQueue,
  createWakeUpPublisher,
  createWakeUps,
  EVERYTHING,
  topics,
} from '@ccluster/messaging';
import {
  countConnections,
  crashingAt,
  createMetrics,
  measuredSteps,
  runMain,
  startHealthServer,
  startTracing,
  steadyClock,
} from '@ccluster/runtime';
import { createAnnouncer } from './announce.js';
import { parseConfig } from './config.js';
import { startWatchingClusters } from './watch-clusters.js';

const DATABASE_CONNECTIONS = 16;

runMain('watcher', async (lifecycle, log) => {
  const config = parseConfig(process.env, `${hostname()}-${process.pid}`);
  log.level = config.logLevel;
  await startTracing(config.tracing, lifecycle, log);

  const database = openDatabase({
    url: config.databaseUrl,
    maxConnections: DATABASE_CONNECTIONS,
    applicationName: 'ccluster-watcher',
    onIdleError: (error) => log.warn({ error }, 'an idle database connection was lost'),
  });
  lifecycle.onStop('database', () => database.close());

  const redis = connectRedis(config.redisUrl, { role: 'queue', log });
  lifecycle.onStop('redis', () => redis.disconnect());
  const messaging = { redis, prefix: config.redisPrefix, log };
  const queue = createDispatchQueue(messaging);
  lifecycle.onStop('dispatch queue', () => queue.close());
  const wakeUps = createWakeUps({ ...messaging, redis: connectRedis(config.redisUrl, { role: 'subscriber', log }) });
  lifecycle.onStop('wake-ups', () => wakeUps.close());

  const metrics = createMetrics();
  countConnections(metrics, database.pool);
  const schema = followSchema(database, lifecycle.signal, (what, error) => log.warn({ error }, what));
  const health = await startHealthServer({
    ...config.health,
    live: {},
    ready: { postgresql: () => database.pool.query('SELECT 1'), redis: () => redis.ping(), schema: schema.check },
    metrics,
  });
  lifecycle.onStop('health', () => health.stop());
  await schema.there;
  if (lifecycle.signal.aborted) return;

  const watching = startWatchingClusters({
    ...config,
    database,
    sealer: createSealer(config.encryptionKeys),
    wakeUp: wakeUps.open([topics.clusters, EVERYTHING]),
    announcer: createAnnouncer(createWakeUpPublisher(messaging), queue),
    nowMs: steadyClock.nowMs,
    atRisk: measuredSteps(crashingAt('watcher', config.crashAt), metrics),
    metrics,
    log,
  });
  lifecycle.onStop('clusters', () => watching.stop());
  log.info({ watcherName: config.watcherName, healthPort: health.port }, 'watching');
});
