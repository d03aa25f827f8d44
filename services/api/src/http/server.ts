import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { failedChecks, steadyClock, type HealthCheck, type Metrics } from '@ccluster/runtime';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Authenticate } from '../access/authenticate.js';
import type { SessionWatch } from '../access/session-watch.js';
import { createFormatError } from '../graphql-errors.js';
import { buildApiSchema } from '../schema.js';
import type { Services } from '../services.js';
import { answerError } from './answer-error.js';
import { createApolloServer } from './apollo-server.js';
import { addressOf, type TrustedProxies } from './caller-address.js';
import { graphiqlPage } from './graphiql-page.js';
import { addGraphiqlRoutes } from './graphiql-routes.js';
import { startGraphQLSocket } from './graphql-socket.js';
import { addGraphqlRoute, type AdmissionOptions } from './graphql-route.js';
import { MAX_REQUEST_BYTES } from './limits.js';
import { KnownDocuments } from './known-documents.js';
import { addLogRoutes } from './log-routes.js';
import { addMetricsRoute } from './metrics-route.js';
import { createAdmit } from './rate/admission.js';
import { createCheckingTime } from './rate/checking-time.js';
import { CheckingTurns } from './rate/checking-turns.js';
import { createHoldRefusals } from './rate/hold-refusals.js';
import type { RateLimits } from './rate/rate-limits.js';
import { createRequestContext } from './request-context.js';
import type { SocketLimits } from './socket-counts.js';

const GRAPHQL_PATH = '/graphql';
/** Until a request has been received as a whole. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Until its headers have. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How late either is noticed. */
const CHECKING_INTERVAL_MS = 2_000;
/** Idle connections are closed after it: later than balancers part with theirs, so that none is closed as it is used. */
const IDLE_TIMEOUT_MS = 72_000;
/** A client that does not read its answer must not hold up the stop. */
const DRAIN_TIMEOUT_MS = 5_000;

export interface ServerOptions {
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly sessions: SessionWatch;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly rateLimits: RateLimits;
  readonly checkingMsPerSecond: number;
  readonly socketLimits: SocketLimits;
  readonly trustedProxies: TrustedProxies;
  /** Whether browsers are shown GraphiQL. */
  readonly graphiql: boolean;
  readonly metrics: Metrics;
  /** What `/readyz` asks. */
  readonly readiness: Readonly<Record<string, HealthCheck>>;
  /** Aborted when it is going to stop: from then on it is not ready, and keeps no connection open for another request. */
  readonly draining: AbortSignal;
  /** For so long it serves on from then on; 0: not at all. */
  readonly drainMs: number;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:4000`. */
  readonly address: string;
  /** Takes no new connection, closes the sockets, one after the other, and waits for the requests under way. */
  stop(): Promise<void>;
}

/** GraphQL over HTTP and WebSocket on `/graphql`, logs as files, `/livez`, `/readyz` and `/metrics`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, graphiql, metrics, socketLimits } = options;
  const { log } = services;
  const formatError = createFormatError((error, errorId) => log.error({ error, errorId }, 'an operation failed'));
  const admission = admissionOf(options);
  const schema = buildApiSchema();
  const http = openHttp(options);
  const landingPage = graphiql ? graphiqlPage : undefined;
  const drainPlugin = fastifyApolloDrainPlugin(http);
  const apollo = createApolloServer({ schema, formatError, landingPage, drainPlugin, log, ...admission });
  await apollo.start();
  addGraphqlRoute(http, { path: GRAPHQL_PATH, apollo, ...admission });
  addLogRoutes(http, admission);
  addMetricsRoute(http, metrics, admission);
  if (graphiql) addGraphiqlRoutes(http);
  addHealthRoutes(http, options);
  const address = await http.listen({ host: options.host, port: options.port });
  const { server } = http;
  const socket = startGraphQLSocket({
    server,
    path: GRAPHQL_PATH,
    schema,
    formatError,
    socketLimits,
    log,
    ...admission,
  });
  return {
    address,
    stop: async () => {
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
      await Promise.all([socket.stop(), apollo.stop()]);
      clearTimeout(cut);
    },
  };
}

function admissionOf(options: ServerOptions): AdmissionOptions {
  const { services, rateLimits, checkingMsPerSecond, trustedProxies, metrics } = options;
  const checkingTime = createCheckingTime(checkingMsPerSecond, steadyClock.nowMs);
  return {
    admit: createAdmit((authorization) => createRequestContext(services, options, authorization), steadyClock.nowMs),
    rateLimits,
    checkingTime,
    checkingTurns: new CheckingTurns(checkingTime, steadyClock.nowMs),
    knownDocuments: new KnownDocuments(),
    holdRefusals: createHoldRefusals(),
    metrics,
    addressOf: (request) => addressOf(request, trustedProxies),
  };
}

function openHttp({ services, draining, drainMs }: ServerOptions): FastifyInstance {
  const http = fastify({
    bodyLimit: MAX_REQUEST_BYTES,
    // What comes by a connection that is still open is answered like all else; there is no other place to send it to.
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECKING_INTERVAL_MS },
  });
  // Clients are told of it and part with what has been idle for so long; so a drain outlives all idle connections.
  http.server.keepAliveTimeout = drainMs > 0 ? drainMs : IDLE_TIMEOUT_MS;
  http.server.keepAliveTimeoutBuffer = Math.max(IDLE_TIMEOUT_MS - http.server.keepAliveTimeout, 0);
  http.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, services.log));
  // Balancers of connections would leave those that are open where they are; so their clients are asked to part.
  http.addHook('onSend', async (_request, reply) => {
    if (draining.aborted) reply.header('connection', 'close');
  });
  return http;
}

function addHealthRoutes(
  http: FastifyInstance,
  { readiness, draining }: Pick<ServerOptions, 'readiness' | 'draining'>,
): void {
  http.get('/livez', async () => ({ failed: [] }));
  http.get('/readyz', async (_request, reply) => {
    const failed = draining.aborted ? ['draining'] : await failedChecks(readiness);
    return reply.code(failed.length === 0 ? 200 : 503).send({ failed });
  });
}
