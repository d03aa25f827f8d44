import { sleep } from './clock.js';

export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait after a failed attempt: anything from 0 to a ceiling that doubles with each attempt, so that many
 * clients that failed together do not come back together.
 * @param attempt number of the attempt that failed, from 1
 * @param random 0 ≤ random() < 1
 */
export function backoffMs(attempt: number, backoff: Backoff, random: () => number): number {
  const ceilingMs = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.floor(random() * ceilingMs);
}

export interface RetryOptions extends Backoff {
  /** In all, the first one included. */
  readonly attempts: number;
  /** Aborted: no further attempt. */
  readonly signal: AbortSignal;
  /** Told of each failure that is followed by another attempt. */
  readonly onFailure?: (error: unknown, attempt: number) => void;
}

/** Runs `attempt` until it succeeds, and throws what the last one threw. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (number >= options.attempts || options.signal.aborted) throw error;
      options.onFailure?.(error, number);
      await sleep(backoffMs(number, options, Math.random), options.signal);
      if (options.signal.aborted) throw error;
    }
  }
}
