import type { WebSocket } from 'ws';

const CLOSE_NORMAL = 1000;
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_MESSAGE_TOO_BIG = 1009;
/** Of RFC 6455's registry; clients of graphql-ws come again after it. */
export const CLOSE_TRY_AGAIN_LATER = 1013;

/** A client that does not answer the close by then is cut. */
const CLOSE_TIMEOUT_MS = 10_000;

/** A socket that is not read from (see `paceMessages`) could not see the other side's close. */
export function closeWith(socket: WebSocket, code = CLOSE_NORMAL, reason = ''): void {
  socket.resume();
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(cut));
}
