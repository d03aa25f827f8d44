import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { DomainError } from '@ccluster/domain';
import { failedChecks, type HealthCheck } from '@ccluster/runtime';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Authenticate } from '../access/authenticate.js';
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
import { createRequestContext } from './request-context.js';

const GRAPHQL_PATH = '/graphql';

export interface ServerOptions {
  readonly services: Services;
  readonly authenticate: Authenticate;
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
  const { services, authenticate } = options;
  const { log } = services;
  const formatError = createFormatError((error, errorId) => log.error({ error, errorId }, 'an operation failed'));
  const createContext = (authorization: string | undefined) =>
    createRequestContext(services, authenticate, authorization);
  const schema = buildApiSchema();
  const http = fastify({ bodyLimit: MAX_REQUEST_BYTES });
  const drainPlugin = fastifyApolloDrainPlugin(http);
  const apollo = createApolloServer({ schema, formatError, landingPage: graphiqlPage, drainPlugin, log });
  await apollo.start();
  http.route({
    url: GRAPHQL_PATH,
    method: ['GET', 'POST'],
    handler: fastifyApolloHandler(apollo, {
      context: (request) => createContext(request.headers.authorization).catch(throwWithStatus),
    }),
  });
  addLogRoutes(http, createContext);
  addGraphiqlRoutes(http);
  addHealthRoutes(http, options.readiness);
  http.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, log));
  const address = await http.listen({ host: options.host, port: options.port });
  const socket = startGraphQLSocket({
    server: http.server,
    path: GRAPHQL_PATH,
    schema,
    formatError,
    createContext,
    log,
  });
  return {
    address,
    stop: async () => {
      await Promise.all([socket.stop(), apollo.stop()]);
    },
  };
}

function addHealthRoutes(http: FastifyInstance, readiness: ServerOptions['readiness']): void {
  http.get('/livez', async () => ({ failed: [] }));
  http.get('/readyz', async (_request, reply) => {
    const failed = await failedChecks(readiness);
    return reply.code(failed.length === 0 ? 200 : 503).send({ failed });
  });
}

/** GraphQL over HTTP wants 401 where a request is refused as a whole. */
function throwWithStatus(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  throw new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: 401 } },
  });
}
