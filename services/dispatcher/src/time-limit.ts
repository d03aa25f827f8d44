/**
 * Runs `work` with a signal that aborts with the caller's, or with an Error after `limitMs`. Unlike `AbortSignal.any`
 * and `AbortSignal.timeout` it leaves neither a listener nor a timer behind: it wraps every single claim.
 */
export async function withTimeLimit<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = new AbortController();
  const forward = () => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new Error(`Not done within ${limitMs} ms`)), limitMs);
  signal.addEventListener('abort', forward, { once: true });
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', forward);
  }
}
