import { once } from 'node:events';
import { WebSocket } from 'ws';

interface RawMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A socket without a client's manners. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** What the server chose. */
  readonly protocol: string;
  send(message: RawMessage | string): void;
  /** The next message; rejects once the socket has closed. */
  next(): Promise<RawMessage>;
  /** All that have come and not been taken. */
  taken(): RawMessage[];
  /** How it closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  end(): void;
}

/** @param address such as `http://127.0.0.1:4000` @param protocols what it asks for */
export async function openRawSocket(address: string, protocols = ['graphql-transport-ws']): Promise<RawSocket> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, protocols);
  const messages: RawMessage[] = [];
  const waiting: { resolve: (message: RawMessage) => void; reject: (error: Error) => void }[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as RawMessage;
    const next = waiting.shift();
    if (next === undefined) messages.push(message);
    else next.resolve(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      for (const { reject } of waiting) reject(new Error(`closed with ${code}`));
      resolve({ code, reason: String(reason) });
    });
  });
  // Its `close` follows.
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return {
    socket,
    protocol: socket.protocol,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: async () => messages.shift() ?? new Promise((resolve, reject) => waiting.push({ resolve, reject })),
    taken: () => messages.splice(0),
    closed,
    end: () => socket.terminate(),
  };
}

/** One that has been let in. */
export async function openAcknowledged(address: string, key: string): Promise<RawSocket> {
  const socket = await openRawSocket(address);
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
  const { type } = await socket.next();
  if (type !== 'connection_ack') throw new Error(`Instead of connection_ack came ${type}`);
  return socket;
}
