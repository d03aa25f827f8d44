import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import WebSocket from 'ws';
import type { JobStatus } from '@ccluster/domain';

import type { History } from '../../history.js';
import type { Random } from '../../random.js';

const SUBSCRIBE = `subscription ($jobId: ID!, $after: String) { jobEvents(jobId: $jobId, after: $after) {
  cursor type status } }`;
const CONNECT_TIMEOUT_MS = 15_000;
/** Nobody listens for a moment after an api was killed. */
const RETRY_MS = 200;

export interface ReaderOptions {
  readonly name: string;
  /** Of the apis, as `http://…`. */
  readonly addresses: readonly string[];
  readonly apiKey: string;
  readonly history: History;
  readonly random: Random;
  /** Of one connection, before it is cut. */
  readonly lifeMs: readonly [min: number, max: number];
}

interface FollowedEvent {
  readonly cursor: string;
  readonly type: string;
  readonly status: JobStatus;
}

type Message =
  | { readonly type: 'connection_ack' | 'ping' | 'pong' }
  | {
      readonly type: 'next';
      readonly id: string;
      readonly payload: { data?: { jobEvents: FollowedEvent }; errors?: unknown };
    }
  | { readonly type: 'error'; readonly id: string; readonly payload: unknown }
  | { readonly type: 'complete'; readonly id: string };

/** Follows the events of many jobs over one socket, which never lives long; each time it comes back after its cursors. */
export class Reader {
  /** Connections on which it was given anything to read. */
  connections = 0;
  /** What an api has refused, which nothing may be here. */
  readonly refusals: string[] = [];
  readonly #options: ReaderOptions;
  /** By job: after which event to go on; jobs whose subscription was completed are gone. */
  readonly #cursors: Map<string, string>;

  constructor(options: ReaderOptions, cursors: ReadonlyMap<string, string>) {
    this.#options = options;
    this.#cursors = new Map(cursors);
  }

  get openJobs(): number {
    return this.#cursors.size;
  }

  /** Resolves when each subscription was completed, or the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (this.#cursors.size > 0 && !signal.aborted) {
      try {
        await this.#readOnce();
      } catch {
        await sleep(RETRY_MS);
      }
    }
  }

  /** Until this socket is cut, by us or by what lies between. Throws where it could not be opened. */
  async #readOnce(): Promise<void> {
    const { addresses, random, lifeMs } = this.#options;
    const url = `${random.pick(addresses).replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, 'graphql-transport-ws', { handshakeTimeout: CONNECT_TIMEOUT_MS });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    const failed = closed.then(() => Promise.reject(new Error('closed')));
    failed.catch(() => undefined);
    await Promise.race([once(socket, 'open'), failed]);
    const acknowledged = this.#listen(socket);
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${this.#options.apiKey}` } }),
    );
    await Promise.race([acknowledged, failed]);
    for (const [jobId, after] of this.#cursors) {
      const payload = { query: SUBSCRIBE, variables: { jobId, after } };
      socket.send(JSON.stringify({ id: jobId, type: 'subscribe', payload }));
    }
    await Promise.race([sleep(random.between(...lifeMs)), closed]);
    // No goodbye: what is under way is lost.
    socket.terminate();
    await closed;
    this.connections += 1;
  }

  /** Resolves when the api has taken the connection. */
  #listen(socket: WebSocket): Promise<void> {
    return new Promise((acknowledged) => {
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as Message;
        if (message.type === 'connection_ack') acknowledged();
        else if (message.type === 'ping') socket.send('{"type":"pong"}');
        else if ('id' in message) this.#take(message);
      });
    });
  }

  #take(message: Extract<Message, { id: string }>): void {
    const { history, name: subscriber } = this.#options;
    const jobId = message.id;
    if (message.type === 'complete') {
      this.#cursors.delete(jobId);
      history.record({ op: 'EVENTS_COMPLETED', subscriber, jobId });
      return;
    }
    const event = message.type === 'next' ? message.payload.data?.jobEvents : undefined;
    if (event === undefined) {
      this.refusals.push(`${jobId}: ${JSON.stringify(message.payload)}`);
      return;
    }
    this.#cursors.set(jobId, event.cursor);
    history.record({ op: 'EVENT', subscriber, jobId, ...event });
  }
}
