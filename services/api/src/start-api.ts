import 'reflect-metadata';
import { createKeyedHash, createSealer, migrate, openDatabase, type Database } from '@ccluster/db';
import {
  connectRedis,
  createDispatchQueue,
  createWakeUpPublisher,
  createWakeUps,
  openSharedBuckets,
  type TakeShared,
} from '@ccluster/messaging';
import {
  countConnections,
  crashingAt,
  createMetrics,
  measuredSteps,
  steadyClock,
  systemClock,
  tracedSteps,
  type HealthCheck,
  type Lifecycle,
  type Logger,
} from '@ccluster/runtime';
import { createAuthenticate } from './access/authenticate.js';
import { fetchIssuerKeys } from './access/oidc/fetch-issuer-keys.js';
import { createIssuerKeys } from './access/oidc/issuer-keys.js';
import type { OidcConfig } from './access/oidc/oidc-config.js';
import { createVerifyToken, type VerifyToken } from './access/oidc/verify-token.js';
import { startSessionWatch } from './access/session-watch.js';
import type { ApiConfig } from './config.js';
import { createRateLimits } from './http/rate/rate-limits.js';
import { startServer } from './http/server.js';
import type { Services } from './services.js';

const MAX_CONNECTIONS = 20;
/** Annotations and labels under it are this product's own. */
const OWN_PREFIX = 'ccluster.io';

/** Brings the schema up to date and serves; the lifecycle stops it. Gives its address, such as `http://127.0.0.1:4000`. */
export async function startApi(config: ApiConfig, lifecycle: Lifecycle, log: Logger): Promise<string> {
  await migrate(config.databaseUrl, { say: (what) => log.info(what) });
  const database = openPool(config, lifecycle, log);
  const { pingRedis, takeShared, ...messaging } = openMessaging(config, lifecycle, log);
  const metrics = createMetrics();
  countConnections(metrics, database.pool);
  const verifyToken = config.oidc && openIssuer(config.oidc, log);
  const authenticate = createAuthenticate({ db: database.db, clock: steadyClock, verifyToken });
  const sessions = startSessionWatch({ authenticate, clock: steadyClock, log });
  lifecycle.onStop('session watch', () => sessions.stop());
  const sealer = createSealer(config.encryptionKeys);
  const keyedHash = createKeyedHash(database.db, sealer);
  // Until one of the keys opens it, this process is not ready: the ones before it serve.
  await keyedHash().catch((error: unknown) => log.error({ error }, 'no job can be created here'));
  const server = await startServer({
    services: {
      ...messaging,
      database,
      sealer,
      keyedHash,
      limits: { maxParallelism: config.maxParallelism, reservedAnnotationPrefix: OWN_PREFIX },
      clusterAddresses: config.clusterAddresses,
      clock: systemClock,
      atRisk: tracedSteps(measuredSteps(crashingAt('api', config.crashAt), metrics)),
      log,
    },
    authenticate,
    sessions,
    host: config.host,
    port: config.port,
    rateLimits: createRateLimits({ ...config.rateLimit, takeShared, nowMs: steadyClock.nowMs }),
    checkingMsPerSecond: config.checkingMsPerSecond,
    socketLimits: config.socketLimits,
    trustedProxies: config.trustedProxies,
    graphiql: config.graphiql,
    metrics,
    readiness: { postgresql: () => database.pool.query('SELECT 1'), redis: pingRedis, encryptionKey: keyedHash },
    draining: lifecycle.signal,
    drainMs: config.drainMs,
  });
  lifecycle.onStop('server', () => server.stop());
  // Not before it serves: nobody sends anything to a process that has not been ready.
  lifecycle.drainMs = config.drainMs;
  return server.address;
}

/** Nothing is asked of the issuer before the first token comes. */
function openIssuer(oidc: OidcConfig, log: Logger): VerifyToken {
  const keys = createIssuerKeys({ fetchKeys: () => fetchIssuerKeys(oidc), clock: steadyClock, log });
  return createVerifyToken(oidc, keys, systemClock);
}

function openPool({ databaseUrl }: ApiConfig, lifecycle: Lifecycle, log: Logger): Database {
  const database = openDatabase({
    url: databaseUrl,
    maxConnections: MAX_CONNECTIONS,
    applicationName: 'ccluster-api',
    onIdleError: (error) => log.warn({ error }, 'an idle connection to PostgreSQL was lost'),
  });
  lifecycle.onStop('database', () => database.close());
  return database;
}

function openMessaging(
  { redisUrl, redisPrefix: prefix, rateLimit }: ApiConfig,
  lifecycle: Lifecycle,
  log: Logger,
): Pick<Services, 'dispatchQueue' | 'publish' | 'wakeUps'> & {
  readonly pingRedis: HealthCheck;
  readonly takeShared: TakeShared;
} {
  const redis = connectRedis(redisUrl, { role: 'queue', log });
  lifecycle.onStop('redis', () => redis.disconnect());
  const dispatchQueue = createDispatchQueue({ redis, prefix, log });
  lifecycle.onStop('dispatch queue', () => dispatchQueue.close());
  const wakeUps = createWakeUps({ redis: connectRedis(redisUrl, { role: 'subscriber', log }), prefix, log });
  lifecycle.onStop('wake-ups', () => wakeUps.close());
  const publish = createWakeUpPublisher({ redis, prefix, log });
  const takeShared = openSharedBuckets({ redis, prefix, ...rateLimit });
  return { dispatchQueue, publish, wakeUps, takeShared, pingRedis: () => redis.ping() };
}
