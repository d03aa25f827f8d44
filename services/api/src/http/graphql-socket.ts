import type { Server } from 'node:http';
import { DomainError } from '@ccluster/domain';
import type { Logger } from '@ccluster/runtime';
import type { GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { IssuerUnreachable } from '../access/oidc/issuer-unreachable.js';
import type { FormatError } from '../graphql-errors.js';
import { bindSocket, type SocketExtra } from './bind-socket.js';
import { MAX_REQUEST_BYTES, MAX_SUBSCRIPTIONS_PER_SOCKET } from './limits.js';
import type { CreateContext } from './request-context.js';
import { asGraphQLError, prepareExecution } from './prepare-execution.js';
import { RateLimited } from '../rate-limited.js';

const INIT_TIMEOUT_MS = 10_000;
/** Sockets that have not closed by then are cut. */
const CLOSE_TIMEOUT_MS = 2_000;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_TRY_AGAIN_LATER = 1013;

export interface GraphQLSocketOptions {
  readonly server: Server;
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly formatError: FormatError;
  readonly createContext: CreateContext;
  readonly log: Logger;
}

export interface GraphQLSocket {
  /** Closes every socket with 1001: clients come back with their cursors. */
  stop(): Promise<void>;
}

type ConnectionParams = Record<string, unknown> | undefined;

/**
 * Any operation over the protocol graphql-transport-ws. Nothing of Apollo's acts here, so its limits and its form of
 * errors are set again.
 */
export function startGraphQLSocket(options: GraphQLSocketOptions): GraphQLSocket {
  const { schema, formatError, createContext, log } = options;
  const protocol = makeServer<ConnectionParams, SocketExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (ctx) => acceptCaller(ctx.extra.socket, authorizationOf(ctx.connectionParams), options),
    onSubscribe: async (ctx, _id, request) => {
      try {
        checkSubscriptionCount(Object.keys(ctx.subscriptions).length);
        const prepared = prepareExecution(schema, request);
        return { ...prepared, contextValue: await createContext(authorizationOf(ctx.connectionParams)) };
      } catch (error) {
        return [asGraphQLError(error)];
      }
    },
    onError: (_ctx, _id, _request, errors) => errors.map((error) => formatError(asGraphQLError(error))),
    onNext: (_ctx, _id, _request, _args, { data, errors }) =>
      errors === undefined ? undefined : { ...(data !== undefined && { data }), errors: errors.map(formatError) },
  });
  const sockets = new WebSocketServer({
    server: options.server,
    path: options.path,
    maxPayload: MAX_REQUEST_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  sockets.on('connection', (socket) => bindSocket(protocol, socket, log));
  return { stop: () => closeAll(sockets) };
}

function authorizationOf(params: ConnectionParams): string | undefined {
  const authorization = params?.['authorization'] ?? params?.['Authorization'];
  return typeof authorization === 'string' ? authorization : undefined;
}

async function acceptCaller(
  socket: WebSocket,
  authorization: string | undefined,
  { createContext, log }: Pick<GraphQLSocketOptions, 'createContext' | 'log'>,
): Promise<boolean> {
  try {
    const { watchSession } = await createContext(authorization);
    if (socket.readyState === socket.OPEN)
      socket.once(
        'close',
        watchSession(() => endSession(socket)),
      );
    return true;
  } catch (error) {
    if (error instanceof IssuerUnreachable) {
      socket.close(CLOSE_TRY_AGAIN_LATER, 'Try again later');
    } else if (error instanceof DomainError) {
      socket.close(CloseCode.Unauthorized, 'Unauthorized');
    } else {
      log.error({ error }, 'a socket could not be authenticated');
      socket.close(CLOSE_TRY_AGAIN_LATER, 'Try again later');
    }
    return false;
  }
}

/** Its key or token has ended, or was revoked. A client that does not close its side is cut off. */
function endSession(socket: WebSocket): void {
  socket.close(CloseCode.Forbidden, 'Forbidden');
  const cut = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(cut));
}

/** Throws RATE_LIMITED. */
function checkSubscriptionCount(count: number): void {
  if (count <= MAX_SUBSCRIPTIONS_PER_SOCKET) return;
  throw new RateLimited(`A socket can have at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions at once`);
}

function closeAll(sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(CLOSE_GOING_AWAY, 'Going away');
  const cut = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, CLOSE_TIMEOUT_MS);
  return new Promise((resolve) => {
    sockets.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
