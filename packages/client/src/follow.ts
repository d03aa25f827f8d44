import { setTimeout as sleep } from 'node:timers/promises';
import { RequestRefused } from './errors.js';

/** Refusals that pass: the subscription is asked for again. */
const PASSING = new Set(['INTERNAL', 'RATE_LIMITED']);
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 5_000;

/**
 * Follows a subscription to its end, however often its socket drops: each time it is opened again after the cursor of
 * the last item, so nothing is missed and nothing comes twice.
 * @param open opens the subscription after a cursor; undefined: from its beginning
 */
export async function* follow<T extends { readonly cursor: string }>(
  open: (after: string | undefined) => AsyncIterable<T>,
  after: string | undefined,
): AsyncGenerator<T, void, void> {
  let cursor = after;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LAST_DELAY_MS)) {
    try {
      for await (const item of open(cursor)) {
        yield item;
        cursor = item.cursor;
        delayMs = FIRST_DELAY_MS;
      }
      return;
    } catch (error) {
      if (error instanceof RequestRefused && !PASSING.has(error.code)) throw error;
    }
    await sleep(delayMs);
  }
}
