import { once } from 'node:events';

import WebSocket from 'ws';

const ANSWER_TIMEOUT_MS = 60_000;

/** A caller that keeps every word it is ever told. */
export interface Caller {
  /** Sends GraphQL over HTTP. @returns the answer's `data`, or null */
  ask(
    query: string,
    variables?: Record<string, unknown>,
    authorization?: string,
  ): Promise<Record<string, unknown> | null>;
  /** Sends anything. @returns the status */
  send(path: string, request: RequestInit): Promise<number>;
  /** Sends messages over a socket, as they are, and waits until it has been silent or closed. */
  talk(messages: readonly string[]): Promise<void>;
  /** Over a socket, until the server completes it. */
  follow(query: string, variables: Record<string, unknown>): Promise<void>;
  /** By what was asked. */
  readonly told: ReadonlyMap<string, string>;
}

const SILENCE_MS = 300;

export function openCaller(address: string, apiKey: string): Caller {
  const told = new Map<string, string>();
  const hear = (what: string, text: string): void => void told.set(`answer ${told.size + 1}: ${what}`, text);
  const post = async (path: string, request: RequestInit): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${address}${path}`, { ...request, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const text = await response.text();
    hear(path, `${response.status} ${JSON.stringify([...response.headers])}\n${text}`);
    return { status: response.status, text };
  };
  return {
    told,
    send: async (path, request) => (await post(path, request)).status,
    ask: async (query, variables = {}, authorization = `Bearer ${apiKey}`) => {
      const { text } = await post('/graphql', {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (JSON.parse(text) as { data?: Record<string, unknown> | null }).data ?? null;
    },
    talk: async (messages) => {
      const socket = await openSocket(address);
      const words = listen(socket);
      for (const message of messages) {
        socket.send(message);
        await Promise.race([once(socket, 'close'), new Promise((later) => setTimeout(later, SILENCE_MS))]);
      }
      socket.terminate();
      hear('a socket', words.join('\n'));
    },
    follow: async (query, variables) => {
      const socket = await openSocket(address);
      const words = listen(socket);
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } }));
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
      await new Promise<void>((ended) => {
        socket.once('close', () => ended());
        socket.on('message', (data: Buffer) => {
          if (/"type":"(complete|error)"/.test(data.toString('utf8'))) ended();
        });
      });
      socket.terminate();
      hear('a subscription', words.join('\n'));
    },
  };
}

async function openSocket(address: string): Promise<WebSocket> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  return socket;
}

/** What it says, and what it says as it closes. */
function listen(socket: WebSocket): string[] {
  const words: string[] = [];
  socket.on('message', (data: Buffer) => void words.push(data.toString('utf8')));
  socket.on('close', (code, reason) => void words.push(`${code} ${reason.toString('utf8')}`));
  socket.on('error', () => undefined);
  return words;
}
