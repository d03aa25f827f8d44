import { sleep } from '@ccluster/runtime';
import type { WebSocketServer } from 'ws';
import { CLOSE_GOING_AWAY, closeWith } from './close-socket.js';

/** Sockets that have not closed by then are cut. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Between closing one socket and the next as it stops: their clients come again elsewhere, and not all at one moment. */
const CLOSE_INTERVAL_MS = 5;
/** All are closed within this time, however many there are. */
const CLOSE_SPREAD_MS = 2_000;

/** Takes no more, and closes every one with 1001, one after the other. */
export async function closeSockets(sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => sockets.close(() => resolve()));
  const all = [...sockets.clients];
  const intervalMs = Math.min(CLOSE_INTERVAL_MS, CLOSE_SPREAD_MS / all.length);
  const beginMs = performance.now();
  for (const [position, socket] of all.entries()) {
    const waitMs = beginMs + position * intervalMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    closeWith(socket, CLOSE_GOING_AWAY, 'Going away');
  }
  const cut = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, CLOSE_TIMEOUT_MS);
  await closed;
  clearTimeout(cut);
}
