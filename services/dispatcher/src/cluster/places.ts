/**
 * A number of places that are taken and left in turn. Whoever finds none free waits a moment, first come, first served.
 */
export interface Places {
  /** @returns false where none became free within the wait; otherwise `leave` has to follow */
  enter(): Promise<boolean>;
  leave(): void;
}

export function createPlaces(count: number, waitMs: number): Places {
  let free = count;
  const waiting = new Set<() => void>();

  const wait = () =>
    new Promise<boolean>((resolve) => {
      const giveUp = () => {
        waiting.delete(enter);
        resolve(false);
      };
      const timer = setTimeout(giveUp, waitMs);
      const enter = () => {
        clearTimeout(timer);
        waiting.delete(enter);
        resolve(true);
      };
      waiting.add(enter);
    });

  return {
    enter: () => {
      if (free === 0) return wait();
      free -= 1;
      return Promise.resolve(true);
    },
    // A place that is left goes to the longest waiting directly: nobody can come in between.
    leave: () => {
      const [next] = waiting;
      if (next === undefined) free += 1;
      else next();
    },
  };
}
