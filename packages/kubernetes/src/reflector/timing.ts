/** How patient a reflector is. Tests shorten it; everything else takes {@link STANDARD_TIMING}. */
export interface ReflectorTiming {
  minBackoffMs: number;
  maxBackoffMs: number;
  /** A watch that lived this long was healthy: the next failure starts again from the shortest wait. */
  healthyAfterMs: number;
  /** A watch that ends sooner and brought nothing is a failure, or it would be opened again without pause. */
  shortestWatchMs: number;
  /** Bookmarks come each minute. */
  idleTimeoutMs: number;
  /** The API server ends each watch after one to two times this, so that none is held by a dead proxy. */
  watchSeconds: number;
}

export const STANDARD_TIMING: ReflectorTiming = {
  minBackoffMs: 800,
  maxBackoffMs: 30_000,
  healthyAfterMs: 30_000,
  shortestWatchMs: 1_000,
  idleTimeoutMs: 90_000,
  watchSeconds: 300,
};
