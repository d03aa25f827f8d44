import { sleep } from '@ccluster/runtime';
import { RateLimited } from '../../rate-limited.js';

/**
 * Whoever asks again at once after a refusal asks no more often than that. Not all for as long: those who were refused
 * together would come back together.
 */
const HELD_MS = { least: 500, most: 1_500 };
const MAX_HELD = 1_000;

/** Throws as `admit` does, but RATE_LIMITED only after a while: a flood of requests waits for its refusals. */
export type HoldRefusals = <T>(admit: () => Promise<T>) => Promise<T>;

export function createHoldRefusals(): HoldRefusals {
  let held = 0;
  return async (admit) => {
    try {
      return await admit();
    } catch (error) {
      if (error instanceof RateLimited && held < MAX_HELD) {
        held += 1;
        await sleep(HELD_MS.least + Math.random() * (HELD_MS.most - HELD_MS.least));
        held -= 1;
      }
      throw error;
    }
  };
}
