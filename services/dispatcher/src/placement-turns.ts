/** Who waits longer came at a bad time: what kept it waiting may be over when it comes again. */
const LONGEST_WAIT_MS = 5_000;

/** Turns of placement among the jobs that this process dispatches. */
export interface PlacementTurns {
  /** Waits for a turn; throws what `work` throws. The next one begins when it is over. @returns undefined after 5 s without a turn */
  take<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/**
 * One at a time, whoever came last first: its turn lets all go that have waited longer, in one transaction, and these
 * then find themselves placed. Of all processes only one is in its turn; the others of this one would wait for that each
 * with a connection to PostgreSQL.
 */
export function createPlacementTurns(): PlacementTurns {
  const waiting = new Set<() => void>();
  let isTaken = false;
  const comeTurn = async (): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const go = () => resolve(true);
    waiting.add(go);
    const timeout = setTimeout(() => {
      waiting.delete(go);
      resolve(false);
    }, LONGEST_WAIT_MS);
    const isTurn = await promise;
    clearTimeout(timeout);
    return isTurn;
  };
  const giveOn = (): void => {
    const last = [...waiting].at(-1);
    isTaken = last !== undefined;
    if (last === undefined) return;
    waiting.delete(last);
    last();
  };
  return {
    take: async (work) => {
      if (isTaken && !(await comeTurn())) return undefined;
      isTaken = true;
      try {
        return await work();
      } finally {
        giveOn();
      }
    },
  };
}
