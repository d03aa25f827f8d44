import { setTimeout as sleep } from 'node:timers/promises';

/** So many may wait for their answers, as of a caller with a pool of connections: the rate is what is answered then. */
const MAX_OPEN = 200;

/**
 * Begins `count` operations at an even rate, whether or not those before have been answered, and waits for all.
 * Throws what the first one that failed threw.
 */
export async function openLoop(
  count: number,
  perSecond: number,
  signal: AbortSignal,
  operate: (i: number) => Promise<void>,
): Promise<void> {
  const startedMs = performance.now();
  const open = new Set<Promise<void>>();
  for (let i = 0; i < count && !signal.aborted; i += 1) {
    await sleep(Math.max(startedMs + (i * 1000) / perSecond - performance.now(), 0));
    while (open.size >= MAX_OPEN) await Promise.race(open);
    const operation = operate(i).finally(() => open.delete(operation));
    open.add(operation);
    // Thrown where it is waited for.
    operation.catch(() => undefined);
  }
  await Promise.all(open);
}
