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
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}
