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

  /**
   * A read was whole.
   * @returns the one that has the end of the log, if its container has ended: this one where it agrees with one long
   *   enough before it, or the one before it where the container was removed since
   */
  found(read: LogRead): LogRead | undefined {
    const before = this.#found;
    const { ending } = read;
    const isSame = before?.ending === ending;
    const sinceMs = isSame ? before.sinceMs : this.#nowMs();
    this.#found = { read, ending, sinceMs };
    if (read.isRefused && before?.read.isRefused === false) return before.read;
    return isSame && this.#begunMs - sinceMs >= APART_MS ? read : undefined;
  }

  /** A read was not whole. */
  lose(): void {
    this.#found = undefined;
  }
}
