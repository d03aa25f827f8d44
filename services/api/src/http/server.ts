import type { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { DomainError } from '@ccluster/domain';
import { failedChecks, type HealthCheck } from '@ccluster/runtime';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { Authenticate } from '../access/authenticate.js';
import type { SessionWatch } from '../access/session-watch.js';
import { createFormatError } from '../graphql-errors.js';
import { buildApiSchema } from '../schema.js';
import type { Services } from '../services.js';
import { answerError } from './answer-error.js';
import { createApolloServer } from './apollo-server.js';
import { graphiqlPage } from './graphiql-page.js';
import { addGraphiqlRoutes } from './graphiql-routes.js';
import { startGraphQLSocket } from './graphql-socket.js';
import { MAX_REQUEST_BYTES } from './limits.js';
import { addLogRoutes } from './log-routes.js';
import { checkNesting } from './query-nesting.js';
import { createRequestContext, type CreateContext, type RequestContext } from './request-context.js';

const GRAPHQL_PATH = '/graphql';
/** Until a request has been received as a whole. */
const REQUEST_TIMEOUT_MS = 30_000;
/** A client that does not read its answer must not hold up the stop. */
const DRAIN_TIMEOUT_MS = 5_000;

export interface ServerOptions {
  readonly services: Services;
  readonly authenticate: Authenticate;
  readonly sessions: SessionWatch;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What `/readyz` asks. */
  readonly readiness: Readonly<Record<string, HealthCheck>>;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:4000`. */
  readonly address: string;
  /** Takes nothing new, closes the sockets and waits for what is under way. */
  stop(): Promise<void>;
}

/** GraphQL over HTTP and WebSocket on `/graphql`, logs as files, `/livez` and `/readyz`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services } = options;
  const { log } = services;
  const formatError = createFormatError((error, errorId) => log.error({ error, errorId }, 'an operation failed'));
  const createContext: CreateContext = (authorization) => createRequestContext(services, options, authorization);
  const schema = buildApiSchema();
  const http = fastify({ bodyLimit: MAX_REQUEST_BYTES, requestTimeout: REQUEST_TIMEOUT_MS });
  http.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, log));
  const apollo = createApolloServer({
    schema,
    formatError,
    landingPage: graphiqlPage,
    drainPlugin: fastifyApolloDrainPlugin(http),
    log,
  });
  await apollo.start();
  addGraphqlRoute(http, apollo, createContext);
  addLogRoutes(http, createContext);
  addGraphiqlRoutes(http);
  addHealthRoutes(http, options.readiness);
  const address = await http.listen({ host: options.host, port: options.port });
  const { server } = http;
  const socket = startGraphQLSocket({ server, path: GRAPHQL_PATH, schema, formatError, createContext, log });
  return {
    address,
    stop: async () => {
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
      await Promise.all([socket.stop(), apollo.stop()]);
      clearTimeout(cut);
    },
  };
}

function addGraphqlRoute(
  http: FastifyInstance,
  apollo: ApolloServer<RequestContext>,
  createContext: CreateContext,
): void {
  const handler = fastifyApolloHandler(apollo, {
    context: async ({ headers, body, query }, reply) => {
      checkNesting(documentOf(body) ?? documentOf(query) ?? '');
      const context = await createContext(headers.authorization).catch(throwWithStatus);
      reply.header('x-request-id', context.requestId);
      return context;
    },
  });
  http.route({ url: GRAPHQL_PATH, method: ['GET', 'POST'], handler });
}

function addHealthRoutes(http: FastifyInstance, readiness: ServerOptions['readiness']): void {
  http.get('/livez', async () => ({ failed: [] }));
  http.get('/readyz', async (_request, reply) => {
    const failed = await failedChecks(readiness);
    return reply.code(failed.length === 0 ? 200 : 503).send({ failed });
  });
}

/** Of a body or a query string; undefined where it has none. */
function documentOf(unsafeRequest: unknown): string | undefined {
  const document = z.object({ query: z.string() }).safeParse(unsafeRequest);
  return document.data?.query;
}

/** GraphQL over HTTP wants 401 where a request is refused as a whole. */
function throwWithStatus(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: 401 } },
  });
}
