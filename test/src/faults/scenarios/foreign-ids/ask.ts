import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';

import { operationOf, type Filling, type Operation } from './operation.js';
import type { Position } from './positions.js';

export const TRANSPORTS = ['HTTP', 'WebSocket'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** One caller: all that comes back to it is text, as it came. */
export interface Asker {
  /** @param listenMs to a subscription that goes on */
  ask(transport: TransportName, operation: Operation, listenMs?: number): Promise<string>;
  /** Status, type and content of a file. */
  getFile(path: string): Promise<string>;
  /** What comes over a socket until it is stopped. */
  listen(operation: Operation): { stop(): Promise<string> };
  close(): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 30_000;
/** What a subscription says at once is there by then, unless the machine is busy. */
const LISTEN_MS = 400;

/** From the deepest on: the api refuses what would cost it too much. */
const DEPTHS = [6, 5, 4, 3, 2, 1];

/** An operation without a value of its own, asked for as deep as the api gives it. */
export async function askDeeply(asker: Asker, position: Position, filling: Filling): Promise<string> {
  for (const depth of DEPTHS) {
    const answer = await asker.ask('HTTP', operationOf(position, '', filling, depth));
    if (!answer.includes('QUERY_TOO_COMPLEX')) return answer;
  }
  throw new Error(`Even ${position.fields[0].name} alone is too complex`);
}

/** @param address such as `http://127.0.0.1:4000` */
export function openAsker(address: string, apiKey: string): Asker {
  const authorization = `Bearer ${apiKey}`;
  const socket = createClient({
    url: `${address.replace('http', 'ws')}/graphql`,
    connectionParams: { authorization },
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const overHttp = async (operation: Operation): Promise<string> => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(operation),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return `${response.status} ${response.headers.get('content-type')}\n${await response.text()}`;
  };
  return {
    ask: (transport, operation, listenMs = LISTEN_MS) =>
      transport === 'HTTP' ? overHttp(operation) : overSocket(socket, operation, listenMs),
    getFile: async (path) => {
      const response = await fetch(`${address}${path}`, {
        headers: { authorization },
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      return `${response.status} ${response.headers.get('content-type')}\n${await response.text()}`;
    },
    listen: (operation) => {
      const listening = startListening(socket, operation);
      return { stop: () => listening.stop() };
    },
    close: async () => socket.dispose(),
  };
}

/** All messages, and whether the server ended them. */
async function overSocket(socket: Client, operation: Operation, listenMs: number): Promise<string> {
  const listening = startListening(socket, operation);
  if (!operation.query.startsWith('subscription')) return listening.ended;
  const timer = setTimeout(() => void listening.stop(), listenMs);
  try {
    return await listening.ended;
  } finally {
    clearTimeout(timer);
  }
}

function startListening(socket: Client, operation: Operation) {
  const messages: unknown[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const end = (how: string) => resolve(JSON.stringify({ messages, how }));
  const unsubscribe = socket.subscribe(
    { query: operation.query, variables: { ...operation.variables } },
    {
      next: (message) => void messages.push(message),
      error: (error) => end(`error: ${describe(error)}`),
      complete: () => end('complete'),
    },
  );
  return {
    ended,
    stop: () => {
      // Whoever ends it himself is told of its completion too.
      end('goes on');
      unsubscribe();
      return ended;
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? String(error) : JSON.stringify(error);
}
