import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { createCertificate } from '@ccluster/testkit';

import { ATTITUDES } from './attitudes.js';
import type { Baits } from './hostile-case.js';
import { HOSTILE_ADDRESS, REBOUND } from './name-server.js';
import { RAW_ATTITUDES } from './raw-attitudes.js';

export interface HostileServer {
  readonly baits: Baits['server'];
  /** Requests that came, by attitude. */
  readonly requests: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** An API server whose attitude is the first part of a request's path, and one port for each attitude without TLS. */
export async function startHostileServer(): Promise<HostileServer> {
  const { certificate, key } = await createCertificate([HOSTILE_ADDRESS, REBOUND]);
  const requests = new Map<string, number>();
  const sockets = new Set<Socket>();
  const https = createHttpsServer({ cert: certificate, key }, (request, response) => {
    const [, attitude = '', ...path] = (request.url ?? '').split('/');
    requests.set(attitude, (requests.get(attitude) ?? 0) + 1);
    response.on('error', () => undefined);
    request.on('error', () => undefined).resume();
    const behave = ATTITUDES[attitude]?.behave;
    if (behave === undefined) response.writeHead(404).end();
    else behave(response, `/${path.join('/')}`);
  });
  const raw = Object.entries(RAW_ATTITUDES).map(([name, { behave }]) => ({ name, server: createTcpServer(behave) }));
  const servers: Server[] = [https, ...raw.map(({ server }) => server)];
  for (const server of servers) keepSockets(server, sockets);
  const [port = 0, ...rawPorts] = await Promise.all(servers.map(listen));
  return {
    baits: {
      url: `https://${HOSTILE_ADDRESS}:${port}`,
      certificate,
      port,
      rawPorts: Object.fromEntries(raw.map(({ name }, i) => [name, rawPorts[i] ?? 0])),
    },
    requests,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
    },
  };
}

/** Hostile peers are cut off by the other side all the time: that is no error here. */
function keepSockets(server: Server, sockets: Set<Socket>): void {
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  server
    .on('connection', keep)
    .on('secureConnection', keep)
    .on('tlsClientError', () => undefined);
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, HOSTILE_ADDRESS), 'listening');
  return (server.address() as AddressInfo).port;
}
