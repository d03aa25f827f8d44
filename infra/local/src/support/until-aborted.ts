import { once } from 'node:events';

/** The work's result, or a rejection as soon as the signal is aborted: for work that does not listen to it itself. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(() => Promise.reject(signal.reason));
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
    aborted.catch(() => undefined);
  }
}
