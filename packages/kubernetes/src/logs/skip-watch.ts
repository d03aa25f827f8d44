import { secondOf } from './log-stamp.js';

/** The kubelet rotates no oftener than this, so a file that it skips spans as much. */
const LEAST_ROTATION_INTERVAL_MS = 3_000;

/**
 * Tells where a follow may have skipped a whole file: the kubelet, at the end of a rotated one, goes on with the newest,
 * and says nothing of those between. That needs a reader who lags behind, to whom lines written far apart come close
 * together; and time since the follow was opened, since it begins with a file that was the newest.
 */
export class SkipWatch {
  readonly #nowMs: () => number;
  readonly #openedMs: number;
  #last: { readonly second: number; readonly arrivedMs: number } | undefined;

  /** @param nowMs a clock that never goes back */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#openedMs = nowMs();
  }

  /** Whether files may be missing before the line with this stamp, which has just arrived. */
  mayHaveSkipped(stamp: string): boolean {
    const arrivedMs = this.#nowMs();
    const second = secondOf(stamp);
    const last = this.#last;
    this.#last = { second, arrivedMs };
    if (last === undefined || arrivedMs - this.#openedMs < LEAST_ROTATION_INTERVAL_MS) return false;
    const writtenApartMs = (second - last.second) * 1000;
    return writtenApartMs >= LEAST_ROTATION_INTERVAL_MS && arrivedMs - last.arrivedMs < writtenApartMs / 2;
  }
}
