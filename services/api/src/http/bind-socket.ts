import type { Logger } from '@ccluster/runtime';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

/** A socket that has not answered a ping by the next one is dead. */
const PING_INTERVAL_MS = 12_000;

export interface SocketExtra {
  readonly socket: WebSocket;
}

/**
 * Lets a socket speak the protocol until it closes. Sending resolves once the bytes have left the process: until then a
 * subscription does not read on, so nothing piles up behind a slow client.
 */
export function bindSocket(protocol: Server<SocketExtra>, socket: WebSocket, log: Logger): void {
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (message) => send(socket, message),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) =>
        socket.on('message', (message: Buffer) => {
          receive(message.toString('utf8')).catch((error: unknown) => {
            log.error({ error }, 'a message could not be handled');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        }),
    },
    { socket },
  );
  const stopPinging = startPinging(socket);
  // What a client sends wrong closes its socket, with a code that tells; it is nothing to act on here.
  socket.on('error', (error) => log.debug({ error }, 'a socket failed'));
  socket.once('close', (code, reason) => {
    stopPinging();
    closed(code, reason.toString('utf8')).catch((error: unknown) => log.error({ error }, 'a socket did not end well'));
  });
}

/** A socket that closes meanwhile takes nothing more; its `close` ends what sends to it. */
function send(socket: WebSocket, message: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(message, () => resolve());
    else resolve();
  });
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
