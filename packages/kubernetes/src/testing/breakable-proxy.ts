import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface BreakableProxy {
  /** The target's URL with this proxy's port. */
  url: string;
  /** Resets every connection. */
  reset(): void;
  /** From now on bytes vanish, in both directions, on all connections there are. */
  stall(): void;
  stop(): Promise<void>;
}

/** TCP in front of an API server on this machine; TLS passes through, so the server's certificate still has to fit. */
export async function startBreakableProxy(targetUrl: string): Promise<BreakableProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(targetUrl);
  url.port = `${(server.address() as AddressInfo).port}`;
  const reset = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    url: url.href.replace(/\/$/, ''),
    reset,
    stall: () => sockets.forEach((socket) => socket.unpipe().pause()),
    stop: async () => {
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
