import { KubernetesFault } from './fault.js';

/**
 * Runs `work` with a signal that aborts with the caller's, or with a TIMEOUT fault after `timeoutMs`. Unlike
 * `AbortSignal.any` and `AbortSignal.timeout` it leaves neither listener nor timer behind: it wraps every single call.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const forward = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new KubernetesFault('TIMEOUT', `No answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  signal?.addEventListener('abort', forward, { once: true });
  try {
    return await orAborted(controller.signal, work(controller.signal));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}

/**
 * What `work` comes to, or the signal's reason at once: undici hears of an abort only when it is connected, though it
 * sends nothing then. With a server that takes connections and says nothing that would be seconds.
 */
export async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
