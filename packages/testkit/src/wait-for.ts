import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

export interface WaitForOptions {
  readonly timeoutMs: number;
  /** What is waited for, for the error: "the job to be RUNNING". */
  readonly what: string;
}

/**
 * Asks again and again until `find` gives something, and returns it. Undefined, null, false and errors mean "not yet".
 * @throws Error that says what did not come, and the last error as its cause
 */
export async function waitFor<T>(
  find: () => Promise<T> | T,
  { timeoutMs, what }: WaitForOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const deadlineMs = performance.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const found = await find();
      if (isFound(found)) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await sleep(POLL_MS);
  } while (performance.now() < deadlineMs);
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`, { cause: lastError });
}

function isFound<T>(value: T): value is Exclude<T, undefined | null | false> {
  return value !== undefined && value !== null && value !== false;
}
