import 'reflect-metadata';
import { createSealer, migrate, openDatabase } from '@ccluster/db';
import { connectRedis, createDispatchQueue, createWakeUpPublisher, createWakeUps } from '@ccluster/messaging';
import { runMain, systemClock } from '@ccluster/runtime';
import { createAuthenticate } from './access/authenticate.js';
import { parseConfig } from './config.js';
import { startServer } from './http/server.js';

const MAX_CONNECTIONS = 20;

runMain('api', async (lifecycle, log) => {
  const config = parseConfig(process.env);
  log.level = config.logLevel;
  await migrate(config.databaseUrl);

  const database = openDatabase({
    url: config.databaseUrl,
    maxConnections: MAX_CONNECTIONS,
    applicationName: 'ccluster-api',
    onIdleError: (error) => log.warn({ error }, 'an idle connection to PostgreSQL was lost'),
  });
  lifecycle.onStop('database', () => database.close());

  const { redisUrl, redisPrefix: prefix } = config;
  const redis = connectRedis(redisUrl, { role: 'queue', log });
  lifecycle.onStop('redis', () => redis.disconnect());
  const dispatchQueue = createDispatchQueue({ redis, prefix, log });
  lifecycle.onStop('dispatch queue', () => dispatchQueue.close());
  const wakeUps = createWakeUps({ redis: connectRedis(redisUrl, { role: 'subscriber', log }), prefix, log });
  lifecycle.onStop('wake-ups', () => wakeUps.close());

  const server = await startServer({
    services: {
      database,
      sealer: createSealer(config.encryptionKey),
      dispatchQueue,
      publish: createWakeUpPublisher({ redis, prefix, log }),
      wakeUps,
      limits: { maxParallelism: config.maxParallelism, reservedAnnotationPrefix: 'ccluster.io' },
      clock: systemClock,
      log,
    },
    authenticate: createAuthenticate(database.db, systemClock),
    host: config.host,
    port: config.port,
    readiness: { postgresql: () => database.pool.query('SELECT 1'), redis: () => redis.ping() },
    landingPage: '<h1>GraphQL</h1>',
  });
  lifecycle.onStop('server', () => server.stop());
  log.info({ address: server.address }, 'listening');
});
