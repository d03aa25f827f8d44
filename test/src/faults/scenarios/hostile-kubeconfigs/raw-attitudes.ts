import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';

import { repeatedly } from './repeatedly.js';

export interface RawAttitude {
  readonly behave: (socket: Socket) => void;
  readonly isSlow?: boolean;
}

/** The beginning of a TLS record of a handshake that claims 16 KiB. */
const RECORD_START = Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00]);

/** What listens where a TLS server should. All of it is CLUSTER_UNREACHABLE. */
export const RAW_ATTITUDES: Readonly<Record<string, RawAttitude>> = {
  closes: { behave: (socket) => void socket.end() },
  resets: { behave: (socket) => void socket.resetAndDestroy() },
  hangs: { behave: () => undefined, isSlow: true },
  'speaks-http': { behave: says('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}') },
  'redirects-in-clear': { behave: says('HTTP/1.1 301 Moved\r\nLocation: http://169.254.169.254/\r\n\r\n') },
  'speaks-redis': { behave: says("-ERR unknown command '\\x16\\x03'\r\n") },
  'speaks-postgres': { behave: says('N') },
  'speaks-ssh': { behave: says('SSH-2.0-OpenSSH_9.9\r\n') },
  garbage: { behave: (socket) => void socket.end(randomBytes(64 * 1024)) },
  'endless-garbage': { behave: (socket) => repeatedly(socket, RECORD_START, randomBytes(64 * 1024)) },
  'endless-alerts': { behave: (socket) => repeatedly(socket, '', Buffer.from([0x15, 3, 3, 0, 2, 1, 0])) },
  'half-a-record': { behave: (socket) => void socket.write(RECORD_START), isSlow: true },
};

function says(text: string): (socket: Socket) => void {
  return (socket) => void socket.once('data', () => socket.end(text, 'latin1'));
}
