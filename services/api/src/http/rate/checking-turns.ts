import { RateLimited } from '../../rate-limited.js';
import type { CheckingTime } from './checking-time.js';

/** Of one caller: what they take of memory he has paid for. */
const MAX_WAITING = 1_000;
/** What a document may take without consequences: most take less. */
const FREE_MS = 2;
/** Of what it takes beyond that, so that the documents of one caller keep the process busy for a twentieth of the time. */
const PAUSE_FACTOR = 19;

interface Turn {
  readonly caller: string;
  readonly request: symbol;
  spentMs: number;
}

/**
 * Documents that came over HTTP are checked one at a time, each caller's in turn, and whatever else the process has to
 * do goes between two: whoever sends many at once waits for himself, and others for one of his at most. After one that
 * took long its caller has to pause: what others ask takes several steps, and each would wait for the next of his
 * documents.
 */
export class CheckingTurns {
  readonly #time: CheckingTime;
  readonly #nowMs: () => number;
  /** By caller, the one whose turn comes next first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #pausing = new Set<string>();
  #current: Turn | undefined;

  /** @param nowMs of a clock that only goes forward */
  constructor(time: CheckingTime, nowMs: () => number) {
    this.#time = time;
    this.#nowMs = nowMs;
  }

  /** Resolves when the caller's turn has come. Throws RATE_LIMITED. @param request whose turn it is, until `end` */
  async take(caller: string, request: symbol): Promise<void> {
    const own = this.#waiting.get(caller) ?? [];
    if (own.length >= MAX_WAITING) throw new RateLimited('Too many documents wait to be checked', 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    own.push(() => {
      this.#current = { caller, request, spentMs: 0 };
      resolve();
    });
    this.#waiting.set(caller, own);
    this.#next();
    await promise;
    try {
      // Those before it may have used it up.
      this.#time.require(caller);
    } catch (error) {
      this.end(request);
      throw error;
    }
  }

  /** For what is done at once, in the request's turn. */
  measure<T>(request: symbol, check: () => T): T {
    const beginMs = this.#nowMs();
    try {
      return check();
    } finally {
      this.spend(request, this.#nowMs() - beginMs);
    }
  }

  /** What has been done in the request's turn. */
  spend(request: symbol, ms: number): void {
    if (this.#current?.request !== request) return;
    this.#current.spentMs += ms;
    this.#time.spend(this.#current.caller, ms);
  }

  /** To be called whatever came of the request; again, or without a turn, it does nothing. */
  end(request: symbol): void {
    if (this.#current?.request !== request) return;
    this.#pause(this.#current);
    this.#current = undefined;
    setImmediate(() => this.#next());
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const first = [...this.#waiting].find(([caller]) => !this.#pausing.has(caller));
    if (first === undefined) return;
    const [caller, [begin, ...others]] = first;
    this.#waiting.delete(caller);
    if (others.length > 0) this.#waiting.set(caller, others);
    begin?.();
  }

  #pause({ caller, spentMs }: Turn): void {
    const pauseMs = (spentMs - FREE_MS) * PAUSE_FACTOR;
    if (pauseMs <= 0) return;
    this.#pausing.add(caller);
    setTimeout(() => {
      this.#pausing.delete(caller);
      this.#next();
    }, pauseMs).unref();
  }
}
