import { errorText, type Logger } from '@ccluster/runtime';

const RENEWAL_INTERVAL_MS = 5_000;

/**
 * Runs `work` while its claim's lease is renewed every 5 s, with a signal that aborts with the caller's, or with an Error
 * once the claim is another's. Where the database is away nothing is aborted: whether the lease still holds is decided
 * there, at the next record.
 * @param renew gives false where the claim is another's
 */
export async function keepClaim<T>(
  renew: () => Promise<boolean>,
  signal: AbortSignal,
  log: Logger,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const held = new AbortController();
  const forward = () => held.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  const renewOnce = () =>
    renew().then(
      (isHeld) => (isHeld ? undefined : held.abort(new Error('Another dispatcher has claimed the job'))),
      (error: unknown) => log.warn({ error: errorText(error) }, 'A claim could not be renewed'),
    );
  const timer = setInterval(() => void renewOnce(), RENEWAL_INTERVAL_MS);
  try {
    return await work(held.signal);
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', forward);
  }
}
