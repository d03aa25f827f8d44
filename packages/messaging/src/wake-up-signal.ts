import { sleep } from '@ccluster/runtime';

/**
 * Remembers that it was woken, however often: a loop that reads and then waits misses nothing that happens in between,
 * and nothing piles up behind a slow reader.
 */
export interface WakeUpSignal {
  /** Waits for a wake-up since the last `wait`, for `timeoutMs` at most, or until the signal is aborted. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** @param subscribe given what to call on a wake-up; returns how to end each of its subscriptions */
export function openWakeUpSignal(subscribe: (wake: () => void) => readonly (() => void)[]): WakeUpSignal {
  let woken = false;
  let endWait: (() => void) | undefined;
  const unsubscribe = subscribe(() => {
    woken = true;
    endWait?.();
  });
  return {
    wait: async (timeoutMs, signal) => {
      if (!woken && !signal.aborted) {
        const ended = new AbortController();
        endWait = () => ended.abort();
        signal.addEventListener('abort', endWait, { once: true });
        await sleep(timeoutMs, ended.signal);
        signal.removeEventListener('abort', endWait);
      }
      woken = false;
    },
    close: () => {
      for (const end of unsubscribe) end();
    },
  };
}
