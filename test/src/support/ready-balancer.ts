import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { waitFor } from '@ccluster/testkit';

const host = '127.0.0.1';
const CHECK_INTERVAL_MS = 100;
const CHECK_TIMEOUT_MS = 2_000;
const READY_TIMEOUT_MS = 10_000;

/** Gives each new connection to the next server that is ready, as Services of Kubernetes do; those that are open stay. */
export interface ReadyBalancer {
  readonly address: string;
  /** Resolves once it gives connections to that server: a deploy goes on no sooner. */
  untilReady(address: string): Promise<void>;
  /** Connections that found no server ready. */
  refused(): number;
  stop(): Promise<void>;
}

/** @param addresses such as `http://127.0.0.1:4000`; each is asked for `/readyz` ten times a second */
export async function startReadyBalancer(addresses: readonly string[]): Promise<ReadyBalancer> {
  const ready = new Set<string>();
  const stopping = new AbortController();
  await Promise.all(addresses.map((address) => check(address, ready)));
  const checks = addresses.map((address) => checkAgain(address, ready, stopping.signal));
  let turn = 0;
  let refused = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const address = [...ready][turn++ % Math.max(ready.size, 1)];
    client.on('error', () => undefined);
    if (address === undefined) {
      refused += 1;
      client.resetAndDestroy();
      return;
    }
    const { hostname, port } = new URL(address);
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    upstream.on('error', () => client.resetAndDestroy());
    client.on('error', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  await once(server.listen(0, host), 'listening');
  return {
    address: `http://${host}:${(server.address() as AddressInfo).port}`,
    untilReady: async (address) => {
      await waitFor(() => ready.has(address), { timeoutMs: READY_TIMEOUT_MS, what: `${address} to be seen as ready` });
    },
    refused: () => refused,
    stop: async () => {
      stopping.abort();
      await Promise.all([...checks, closed(server)]);
    },
  };
}

async function checkAgain(address: string, ready: Set<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await check(address, ready);
    await sleep(CHECK_INTERVAL_MS);
  }
}

async function check(address: string, ready: Set<string>): Promise<void> {
  const isReady = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
  if (isReady) ready.add(address);
  else ready.delete(address);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
