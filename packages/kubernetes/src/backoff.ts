/** Growing waits between attempts: doubled from `minMs` to `maxMs`, each between half and the whole of it at random. */
export interface Backoff {
  nextMs(): number;
  reset(): void;
}

export function createBackoff(limits: { minMs: number; maxMs: number; random: () => number }): Backoff {
  let ceilingMs = limits.minMs;
  return {
    nextMs: () => {
      const waitMs = ceilingMs * (0.5 + 0.5 * limits.random());
      ceilingMs = Math.min(ceilingMs * 2, limits.maxMs);
      return waitMs;
    },
    reset: () => {
      ceilingMs = limits.minMs;
    },
  };
}
