/** Where the time comes from, so that a test can set it. */
export interface Clock {
  /** Milliseconds, of the system's clock since 1970. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** For durations only: it begins anywhere, and goes on evenly whatever becomes of the host's time. */
export const steadyClock: Clock = { nowMs: () => performance.now() };

/**
 * Waits. Returns early, without throwing, once the signal is aborted: whoever sleeps in a loop checks the signal anyway.
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
