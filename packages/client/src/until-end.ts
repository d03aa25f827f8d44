import { setTimeout as sleep } from 'node:timers/promises';
import { RequestRefused } from './errors.js';

/** Refusals that pass. */
const PASSING = new Set(['INTERNAL', 'RATE_LIMITED']);
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 5_000;

/**
 * What `open` gives, opened again as often as it breaks off, until it ends. Throws RequestRefused where the server would
 * say no again.
 */
export async function* untilEnd<T>(open: () => AsyncIterable<T>): AsyncGenerator<T, void, void> {
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LAST_DELAY_MS)) {
    let waitMs: number;
    try {
      for await (const item of open()) {
        yield item;
        delayMs = FIRST_DELAY_MS;
      }
      return;
    } catch (error) {
      waitMs = Math.max(delayMs, leastWaitMs(error));
    }
    await sleep(waitMs);
  }
}

/** Throws what does not pass. What says when to come again does. */
function leastWaitMs(error: unknown): number {
  if (!(error instanceof RequestRefused)) return 0;
  if (!PASSING.has(error.code) && error.retryAfterSeconds === undefined) throw error;
  return (error.retryAfterSeconds ?? 0) * 1000;
}
