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
