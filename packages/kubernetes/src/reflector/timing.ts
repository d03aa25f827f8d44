import type { Backoff } from '@ccluster/runtime';

/** How patient a reflector is. Tests shorten it; everything else takes {@link STANDARD_TIMING}. */
export interface ReflectorTiming {
  /** Between attempts that fail. */
  backoff: Backoff;
  /**
   * A watch that was open this long was healthy, whatever ended it, even where a list is needed: the next failure counts
   * as the first.
   */
  healthyAfterMs: number;
  /**
   * A watch that ends sooner and brought nothing is one more failure, or it would be opened again without pause. One that
   * breaks later was a success: its failure counts as the first, unless a list is needed.
   */
  shortestWatchMs: number;
  /** Bookmarks come each minute. */
  idleTimeoutMs: number;
  /** The API server ends each watch after one to two times this, so that none is held by a dead proxy. */
  watchSeconds: number;
}

export const STANDARD_TIMING: ReflectorTiming = {
  // One watcher looks at a cluster: its API server is not stormed, and what was missed is known the sooner.
  backoff: { baseMs: 200, maxMs: 30_000 },
  healthyAfterMs: 10_000,
  shortestWatchMs: 1_000,
  idleTimeoutMs: 90_000,
  watchSeconds: 300,
};
