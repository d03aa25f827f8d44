import type { LogRead } from './log-read.js';

/**
 * Two reads that agree on the end of a log are at least this far apart. A runtime tells of a container's end a moment
 * before it has written the last of its lines, and an answer may break off without an error.
 */
const APART_MS = 1_000;

/** What whole reads found at the end of a log, one after the other. */
export class LogEnd {
  readonly #nowMs: () => number;
  #found: { readonly read: LogRead; readonly ending: string; readonly sinceMs: number } | undefined;
  #begunMs = 0;

  /** @param nowMs a clock that never goes back */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The last read, where it was whole. */
  get lastRead(): LogRead | undefined {
    return this.#found?.read;
  }

  /** Until a read that begins then can agree with the last one. */
  get waitMs(): number {
    return this.#found === undefined ? 0 : Math.max(0, this.#found.sinceMs + APART_MS - this.#nowMs());
  }

  begin(): void {
    this.#begunMs = this.#nowMs();
  }

  /** A read was whole. @returns whether it agrees with one long enough before it */
  found(read: LogRead): boolean {
    const { ending } = read;
    const isSame = this.#found?.ending === ending;
    const sinceMs = isSame && this.#found !== undefined ? this.#found.sinceMs : this.#nowMs();
    this.#found = { read, ending, sinceMs };
    return isSame && this.#begunMs - sinceMs >= APART_MS;
  }

  /** A read was not whole. */
  lose(): void {
    this.#found = undefined;
  }
}
