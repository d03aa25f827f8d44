import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createCertificate } from './create-certificate.js';

const HOST = '127.0.0.1';

export interface HttpsServer {
  /** Such as `https://127.0.0.1:40123`. */
  readonly url: string;
  /** That vouches for it, PEM. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** An HTTPS server on this machine, for tests of what talks to one. */
export async function startHttpsServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpsServer> {
  const { certificate, key } = await createCertificate([HOST]);
  const sockets = new Set<Socket>();
  const server = createServer({ cert: certificate, key }, (request, response) => {
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    handle(request, response);
  });
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  server
    .on('connection', keep)
    .on('secureConnection', keep)
    .on('tlsClientError', () => undefined);
  await once(server.listen(0, HOST), 'listening');
  return {
    url: `https://${HOST}:${(server.address() as AddressInfo).port}`,
    certificate,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
