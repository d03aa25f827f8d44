import type { IncomingMessage } from 'node:http';
import { BodyCut } from './body-cut.js';
import type { ClientAnswer } from './client-answer.js';
import { bookmarkLine, expiredEventLine } from './event-lines.js';
import type { AnswerFault } from './http-fault.js';
import { sleepUnlessAborted } from './sleep-unless-aborted.js';
import { WatchLines } from './watch-lines.js';

const BOOKMARK_INTERVAL_MS = 500;

/** Told of one fault: when it happens, and from when on the client can have everything again. */
export interface FaultObserver {
  begun(): void;
  ended(): void;
}

export interface RunningAnswerOptions {
  /** What the API server sends, */
  readonly answer: IncomingMessage;
  /** and where it goes. */
  readonly client: ClientAnswer;
  /** The resource version at which a watch begins; undefined: not a watch. */
  readonly watchedFrom: string | undefined;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

/** One answer on its way from the API server to the client. */
export class RunningAnswer {
  readonly #options: RunningAnswerOptions;
  readonly #lines = new WatchLines();
  #lastSent: Buffer | undefined;

  constructor(options: RunningAnswerOptions) {
    this.#options = options;
  }

  /** Resolves when there is no more to carry, whatever the reason. */
  async carry(): Promise<void> {
    const { answer, client } = this.#options;
    try {
      await client.begin();
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        await this.#send(this.#piecesOf(chunk));
        if (client.isOver) return;
      }
      await this.#send(this.#lines.end());
      client.finish();
    } catch {
      client.breakOff(); // As the API server did, or as the client had it.
    }
  }

  strike(fault: AnswerFault, observer: FaultObserver): void {
    const { client } = this.#options;
    const happened = (): void => {
      observer.begun();
      observer.ended();
    };
    switch (fault.kind) {
      case 'stall':
        return client.hold(this.#during(fault.forMs, observer));
      case 'only-bookmarks':
        return client.hold(this.#withBookmarks(this.#during(fault.forMs, observer)));
      case 'half-open':
        return void this.#abandon(this.#during(fault.forMs, observer));
      case 'slow-body':
        return void this.#slowDown(fault.bytesPerSecond, this.#during(fault.forMs, observer));
      case 'cut-body':
        return this.#cut(fault, happened);
      case 'early-close':
        return void this.#finishAfter(fault.afterMs, happened);
      case 'expired-event':
        client.interject(expiredEventLine());
        this.#finish();
        return happened();
      case 'damaged-line':
      case 'duplicated-line':
      case 'reordered-lines':
        return this.#lines.strike(fault, happened);
    }
  }

  #piecesOf(chunk: Buffer): Buffer[] {
    return this.#options.watchedFrom === undefined ? [chunk] : this.#lines.push(chunk);
  }

  async #send(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      await this.#options.client.send(piece);
      this.#lastSent = piece;
    }
  }

  /** Resolves when the fault's time is over, or the client gone. */
  async #during(forMs: number, observer: FaultObserver): Promise<void> {
    observer.begun();
    await this.#sleep(forMs);
    observer.ended();
  }

  async #withBookmarks(until: Promise<void>): Promise<void> {
    const { client, watchedFrom } = this.#options;
    const tell = (): void => client.interject(bookmarkLine(this.#lastSent, watchedFrom ?? ''));
    tell();
    const timer = setInterval(tell, BOOKMARK_INTERVAL_MS);
    await until;
    clearInterval(timer);
  }

  async #abandon(until: Promise<void>): Promise<void> {
    const { client, answer } = this.#options;
    client.abandon();
    answer.destroy();
    await until;
    client.reset();
  }

  async #slowDown(bytesPerSecond: number, until: Promise<void>): Promise<void> {
    const { client } = this.#options;
    client.bytesPerSecond = bytesPerSecond;
    await until;
    client.bytesPerSecond = Infinity;
  }

  #cut(
    { afterBytes, insideCharacter = false }: Extract<AnswerFault, { kind: 'cut-body' }>,
    happened: () => void,
  ): void {
    const { client, answer } = this.#options;
    if (afterBytes > 0 || insideCharacter) return client.breakOffAt(new BodyCut(afterBytes, insideCharacter), happened);
    client.breakOff();
    answer.destroy();
    happened();
  }

  async #finishAfter(afterMs: number, happened: () => void): Promise<void> {
    await this.#sleep(afterMs);
    if (this.#options.client.isOver) return;
    this.#finish();
    happened();
  }

  #finish(): void {
    this.#options.client.finish();
    this.#options.answer.destroy();
  }

  #sleep(forMs: number): Promise<void> {
    return sleepUnlessAborted(forMs, this.#options.signal);
  }
}
