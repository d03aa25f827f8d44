/** Turns of placement among the jobs that this process dispatches. */
export interface PlacementTurns {
  /** Waits for a turn; throws what `work` throws. The next one begins when it is over. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * One at a time, whoever came last first: its turn lets all go that have waited longer, in one transaction, and these
 * then find themselves placed. Of all processes only one is in its turn; the others of this one would wait for that each
 * with a connection to PostgreSQL.
 */
export function createPlacementTurns(): PlacementTurns {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  const giveOn = (): void => {
    const last = waiting.pop();
    isTaken = last !== undefined;
    last?.();
  };
  return {
    take: async (work) => {
      if (isTaken) await new Promise<void>((go) => waiting.push(go));
      isTaken = true;
      try {
        return await work();
      } finally {
        giveOn();
      }
    },
  };
}
