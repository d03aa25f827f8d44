import type { IncomingMessage, ServerResponse } from 'node:http';
import { paced } from '../paced.js';
import type { BodyCut } from './body-cut.js';
import { endToEnd } from './upstream.js';

/** The client's side of one answer: its head, then its body as fast as the client reads, then one of three ends. */
export class ClientAnswer {
  bytesPerSecond = Infinity;
  readonly #response: ServerResponse;
  readonly #head: IncomingMessage;
  readonly reset: () => void;
  #held: Promise<unknown> = Promise.resolve();
  #cut: { readonly body: BodyCut; readonly happened: () => void } | undefined;
  #isOver = false;

  constructor(head: IncomingMessage, response: ServerResponse, reset: () => void) {
    this.#head = head;
    this.#response = response;
    this.reset = reset;
  }

  /** No more is carried: it ended, broke off, or was left as it is. */
  get isOver(): boolean {
    return this.#isOver || this.#response.closed;
  }

  /** Sends the head, once no hold is left. */
  async begin(): Promise<void> {
    await this.#held;
    this.#open();
  }

  /** Resolves when the client takes more. */
  async send(bytes: Buffer): Promise<void> {
    for await (const slice of paced(bytes, () => this.bytesPerSecond)) {
      await this.#held;
      if (this.isOver) return;
      const last = this.#cut?.body.take(slice);
      if (last !== undefined) return this.#cutAfter(last);
      if (!this.#response.write(slice)) await drained(this.#response);
    }
  }

  /** Sends at once, also while the answer is held. */
  interject(bytes: Buffer): void {
    if (this.isOver) return;
    this.#open();
    this.#response.write(bytes);
  }

  /** Nothing but interjections is sent before `until` resolves. */
  hold(until: Promise<unknown>): void {
    this.#held = Promise.all([this.#held, until]);
  }

  breakOffAt(body: BodyCut, happened: () => void): void {
    this.#cut = { body, happened };
  }

  /** As if it were complete. */
  finish(): void {
    if (this.isOver) return;
    this.#open();
    this.#isOver = true;
    this.#response.end();
  }

  breakOff(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.reset();
  }

  /** The client hears no more of it, unless its connection is reset. */
  abandon(): void {
    this.#isOver = true;
  }

  #open(): void {
    if (this.#response.headersSent || this.isOver) return;
    this.#response.writeHead(this.#head.statusCode ?? 502, endToEnd(this.#head.headers));
    this.#response.flushHeaders();
  }

  #cutAfter(last: Buffer): void {
    this.#isOver = true;
    this.#response.write(last, () => {
      this.reset();
      this.#cut?.happened();
    });
  }
}

/** Resolves also when the client is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
