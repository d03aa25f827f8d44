import { RateLimited } from '../../rate-limited.js';
import { createBuckets } from './token-bucket.js';

/** At once, of what a caller may have each second. */
const BURST_SECONDS = 3;

/**
 * How long the documents of each caller take to check. Documents that are sent again are known and take none, so this
 * is of consequence only to whoever sends others all the time, and long or wrong ones.
 */
export interface CheckingTime {
  /** Throws RATE_LIMITED for a caller who has used it up. */
  require(caller: string): void;
  spend(caller: string, ms: number): void;
  /** Of what is done at once. */
  measure<T>(caller: string, check: () => T): T;
}

/** @param msPerSecond for so long one caller's documents may keep this process busy @param nowMs only goes forward */
export function createCheckingTime(msPerSecond: number, nowMs: () => number): CheckingTime {
  const buckets = createBuckets({ burst: msPerSecond * BURST_SECONDS, perSecond: msPerSecond }, nowMs);
  const spend: CheckingTime['spend'] = (caller, ms) => buckets.owe(caller, ms);
  return {
    spend,
    require: (caller) => {
      const left = buckets.left(caller);
      if (left > 0) return;
      throw new RateLimited('The documents take too long to check', Math.ceil((1 - left) / msPerSecond));
    },
    measure: (caller, check) => {
      const beginMs = nowMs();
      try {
        return check();
      } finally {
        spend(caller, nowMs() - beginMs);
      }
    },
  };
}
