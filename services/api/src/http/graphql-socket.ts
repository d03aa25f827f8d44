import type { IncomingMessage, Server } from 'node:http';
import { DomainError } from '@ccluster/domain';
import type { Logger } from '@ccluster/runtime';
import { execute, GraphQLError, subscribe, type ExecutionArgs, type GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type Context } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { IssuerUnreachable } from '../access/oidc/issuer-unreachable.js';
import type { FormatError } from '../graphql-errors.js';
import { RateLimited } from '../rate-limited.js';
import { bindSocket } from './bind-socket.js';
import { CLOSE_TRY_AGAIN_LATER, closeWith } from './close-socket.js';
import { closeSockets } from './close-sockets.js';
import { createDocumentCache } from './document-cache.js';
import { checkDocument } from './document-limits.js';
import type { AdmissionOptions } from './graphql-route.js';
import { MAX_REQUEST_BYTES, MAX_SUBSCRIPTIONS_PER_SOCKET } from './limits.js';
import { countRefusal, createSocketMetrics } from './operation-metrics.js';
import { createSocketSpans } from './operation-spans.js';
import { createOutbounds } from './outbound.js';
import { asGraphQLError, prepareExecution, type OperationRequest } from './prepare-execution.js';
import { BASE_PRICE, priceOfDocument, priceOfOperation, REFUSAL_PRICE } from './rate/price.js';
import { callerOf } from './request-context.js';
import { createSocketCounts, type EnteredSocket, type SocketLimits } from './socket-counts.js';

const INIT_TIMEOUT_MS = 10_000;
export interface GraphQLSocketOptions extends AdmissionOptions {
  readonly server: Server;
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly formatError: FormatError;
  readonly socketLimits: SocketLimits;
  readonly log: Logger;
}

export interface GraphQLSocket {
  /** Takes no more, and closes every socket with 1001, one after the other: clients come back with their cursors. */
  stop(): Promise<void>;
}

type ConnectionParams = Record<string, unknown> | undefined;

interface SocketExtra {
  readonly socket: WebSocket;
  readonly address: string;
  readonly entered: EnteredSocket;
  isAcknowledged: () => boolean;
}

type SocketContext = Context<ConnectionParams, SocketExtra>;

/**
 * Any operation over the protocol graphql-transport-ws. Nothing of Apollo's acts here, so its limits and its form of
 * errors are set again.
 */
export function startGraphQLSocket(options: GraphQLSocketOptions): GraphQLSocket {
  const { formatError, log, addressOf, metrics } = options;
  const socketMetrics = createSocketMetrics(metrics);
  const spans = createSocketSpans();
  const read = createDocumentCache(options.schema);
  const protocol = makeServer<ConnectionParams, SocketExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (ctx) => acceptCaller(ctx, options),
    onSubscribe: async (ctx, _id, request) => {
      const beginMs = performance.now();
      try {
        const prepared = await prepare(ctx, request, { ...options, read });
        socketMetrics.begin(prepared, beginMs);
        spans.begin(prepared, request);
        return prepared;
      } catch (error) {
        countRefusal(metrics, 'ws', error);
        return [asGraphQLError(error)];
      }
    },
    onOperation: (_ctx, _id, _request, args, result) => socketMetrics.answer(args, result),
    execute: (args) => spans.run(args, execute),
    subscribe: (args) => spans.run(args, subscribe),
    onError: (_ctx, _id, request, errors) =>
      spans.goOn(request, () => errors.map((error) => formatError(asGraphQLError(error)))),
    onNext: (_ctx, _id, request, _args, { data, errors }) =>
      errors === undefined
        ? undefined
        : { ...(data !== undefined && { data }), errors: spans.goOn(request, () => errors.map(formatError)) },
  });
  const counts = createSocketCounts(options.socketLimits);
  const outbounds = createOutbounds((waitingBytes) => {
    metrics.count('ccluster_api_sockets_cut_total', {});
    log.warn({ waitingBytes }, 'a slow socket was cut');
  });
  const sockets = new WebSocketServer({
    server: options.server,
    path: options.path,
    maxPayload: MAX_REQUEST_BYTES,
    perMessageDeflate: false,
    handleProtocols,
    verifyClient: ({ req }, done) => {
      if (counts.isFull(addressOf(req))) done(false, 429, 'Too Many Requests', { 'retry-after': '5' });
      else done(true);
    },
  });
  sockets.on('connection', (socket, request: IncomingMessage) => {
    const address = addressOf(request);
    const entered = counts.enter(address);
    socket.once('close', () => entered.leave());
    const extra: SocketExtra = { socket, address, entered, isAcknowledged: () => false };
    bindSocket(protocol, socket, { extra, outbound: outbounds.open(socket), log });
  });
  metrics.read('ccluster_api_sockets', () => [{ labels: {}, value: sockets.clients.size }]);
  metrics.read('ccluster_api_socket_waiting_bytes', () => [{ labels: {}, value: outbounds.waitingBytes() }]);
  return { stop: () => closeSockets(sockets) };
}

function authorizationOf(params: ConnectionParams): string | undefined {
  const authorization = params?.['authorization'] ?? params?.['Authorization'];
  return typeof authorization === 'string' ? authorization : undefined;
}

async function acceptCaller(ctx: SocketContext, { admit, log }: GraphQLSocketOptions): Promise<boolean> {
  const { socket, address, entered } = ctx.extra;
  try {
    const { principal, watchSession } = await admit(address, authorizationOf(ctx.connectionParams));
    // It may have closed meanwhile, and left.
    if (socket.readyState !== socket.OPEN) return false;
    entered.belongTo(callerOf(principal), principal.organizationId);
    socket.once(
      'close',
      watchSession(() => closeWith(socket, CloseCode.Forbidden, 'Forbidden')),
    );
    ctx.extra.isAcknowledged = () => true;
    return true;
  } catch (error) {
    if (error instanceof IssuerUnreachable) {
      closeWith(socket, CLOSE_TRY_AGAIN_LATER, 'Try again later');
    } else if (error instanceof DomainError) {
      closeWith(socket, CloseCode.Unauthorized, 'Unauthorized');
    } else if (error instanceof RateLimited) {
      closeWith(socket, CLOSE_TRY_AGAIN_LATER, `RATE_LIMITED: ${error.message}`);
    } else {
      log.error({ error }, 'a socket could not be authenticated');
      closeWith(socket, CLOSE_TRY_AGAIN_LATER, 'Try again later');
    }
    return false;
  }
}

/** What may be run is paid for first. Throws GraphQLError, UNAUTHENTICATED, RATE_LIMITED. */
async function prepare(
  ctx: SocketContext,
  request: OperationRequest,
  options: GraphQLSocketOptions & { readonly read: ReturnType<typeof createDocumentCache> },
): Promise<ExecutionArgs> {
  const { schema, admit, rateLimits, checkingTime, read } = options;
  checkSubscriptionCount(Object.keys(ctx.subscriptions).length);
  const contextValue = await admit(ctx.extra.address, authorizationOf(ctx.connectionParams));
  const caller = callerOf(contextValue.principal);
  rateLimits.chargeHere(caller, BASE_PRICE);
  checkingTime.require(caller);
  try {
    const { execution, cost } = checkingTime.measure(caller, () => {
      rateLimits.chargeHere(caller, priceOfDocument(checkDocument(request.query)));
      return prepareExecution(schema, read, request);
    });
    await rateLimits.charge(caller, priceOfOperation(cost));
    return { ...execution, contextValue };
  } catch (error) {
    if (error instanceof GraphQLError) rateLimits.owe(caller, REFUSAL_PRICE);
    throw error;
  }
}

/** Throws RATE_LIMITED. */
function checkSubscriptionCount(count: number): void {
  if (count <= MAX_SUBSCRIPTIONS_PER_SOCKET) return;
  throw new RateLimited(`A socket can have at most ${MAX_SUBSCRIPTIONS_PER_SOCKET} subscriptions at once`);
}
