import { readFileSync } from 'node:fs';

const INTERVAL_MS = 100;

export interface HealthWatch {
  /** The longest that the process took to say that it lives. */
  longestStallMs(): number;
  /** It did not answer at all. */
  failures(): number;
  /** Of memory above what it had at first, in MiB. */
  growthMib(): number;
  stop(): Promise<void>;
}

/** Asks again and again whether a process lives, and looks at its memory. */
export function watchHealth(address: string, pid: number): HealthWatch {
  const seen = { stallMs: 0, failures: 0, residentMib: 0 };
  const startMib = residentMib(pid);
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      const askedAt = performance.now();
      const isAlive = await fetch(`${address}/livez`).then(
        (answer) => answer.ok,
        () => false,
      );
      seen.stallMs = Math.max(seen.stallMs, performance.now() - askedAt);
      if (!isAlive) seen.failures += 1;
      seen.residentMib = Math.max(seen.residentMib, residentMib(pid));
      await new Promise((later) => setTimeout(later, INTERVAL_MS));
    }
  })();
  return {
    longestStallMs: () => seen.stallMs,
    failures: () => seen.failures,
    growthMib: () => Math.max(seen.residentMib - startMib, 0),
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

/** 0 where it has ended. */
function residentMib(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}
