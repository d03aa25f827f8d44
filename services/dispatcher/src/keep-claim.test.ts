import { createLogger } from '@ccluster/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepClaim } from './keep-claim.js';

const log = createLogger('test');
log.level = 'silent';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

describe('keepClaim', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('renews as long as it works, and not after', async () => {
    let renewals = 0;
    const renew = async () => (renewals += 1) > 0;
    const working = Promise.withResolvers<string>();
    const kept = keepClaim(renew, new AbortController().signal, log, () => working.promise);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(renewals).toBe(3);
    working.resolve('done');
    expect(await kept).toBe('done');
    await vi.advanceTimersByTimeAsync(16_000);
    expect(renewals).toBe(3);
  });

  it('breaks the work off once the claim is another’s', async () => {
    const kept = keepClaim(async () => false, new AbortController().signal, log, untilAborted).catch(String);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await kept).toContain('Another dispatcher has claimed the job');
  });

  it('goes on while the database is away', async () => {
    const working = Promise.withResolvers<string>();
    const renew = () => Promise.reject(new Error('away'));
    const kept = keepClaim(renew, new AbortController().signal, log, () => working.promise);
    await vi.advanceTimersByTimeAsync(30_000);
    working.resolve('done');
    expect(await kept).toBe('done');
  });

  it('passes the caller’s own reason on', async () => {
    const stop = new AbortController();
    const kept = keepClaim(async () => true, stop.signal, log, untilAborted);
    stop.abort(new Error('stopping'));
    await expect(kept).rejects.toThrow('stopping');
  });
});
