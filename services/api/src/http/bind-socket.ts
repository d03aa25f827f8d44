import type { Logger } from '@ccluster/runtime';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { closeWith, CLOSE_MESSAGE_TOO_BIG } from './close-socket.js';
import { inBatches } from './in-batches.js';
import { MAX_GREETING_BYTES } from './limits.js';
import type { Outbound } from './outbound.js';
import { paceMessages } from './pace-messages.js';

/** Messages of a socket that are handled before something else is done. */
const BATCH = 50;
/** A socket that has not answered a ping by the next one is dead, or does not take what it is sent. */
const PING_INTERVAL_MS = 12_000;

/**
 * Lets a socket speak the protocol until it closes. Sending resolves once the bytes have left the process: until then a
 * subscription does not read on, so nothing piles up behind a slow client. Nor does it by what a client sends: as long
 * as it does not take its answers, or sends faster than it may, nothing is read from it.
 */
export function bindSocket<Extra extends { readonly isAcknowledged: () => boolean }>(
  protocol: Server<Extra>,
  socket: WebSocket,
  { extra, outbound, log }: { readonly extra: Extra; readonly outbound: Outbound; readonly log: Logger },
): void {
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (message) => outbound.send(message),
      close: (code, reason) => closeWith(socket, code, reason),
      onMessage: (receive) =>
        onMessage(socket, (message) => {
          if (message.length > MAX_GREETING_BYTES && !extra.isAcknowledged()) {
            return closeWith(socket, CLOSE_MESSAGE_TOO_BIG, 'Too large before connection_ack');
          }
          receive(message.toString('utf8')).catch((error: unknown) => {
            if (isForClients(error)) return closeWith(socket, CloseCode.BadRequest, 'Invalid message');
            log.error({ error }, 'a message could not be handled');
            closeWith(socket, CloseCode.InternalServerError, 'Internal server error');
          });
        }),
    },
    extra,
  );
  const stopPinging = startPinging(socket);
  // What a client sends wrong closes its socket, with a code that tells; it is nothing to act on here.
  socket.on('error', (error) => log.debug({ error }, 'a socket failed'));
  socket.once('close', (code, reason) => {
    stopPinging();
    outbound.close();
    closed(code, reason.toString('utf8')).catch((error: unknown) => log.error({ error }, 'a socket did not end well'));
  });
}

/** Hundreds of messages may come in one piece, even of a socket that is not read from any more. */
function onMessage(socket: WebSocket, handle: (message: Buffer) => void): void {
  const pace = paceMessages(socket);
  const take = inBatches<Buffer>(BATCH, (message) => {
    if (socket.readyState === socket.OPEN) handle(message);
  });
  socket.on('message', (message: Buffer) => {
    pace(message.length);
    take(message);
  });
}

/** A message that only servers send, such as `next`: graphql-ws throws at it as at a fault of its own. */
function isForClients(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type');
}

function startPinging(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) socket.terminate();
    else socket.ping();
    answered = false;
  }, PING_INTERVAL_MS);
  return () => clearInterval(timer);
}
