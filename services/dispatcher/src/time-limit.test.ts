import { describe, expect, it } from 'vitest';
import { withTimeLimit } from './time-limit.js';

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

describe('withTimeLimit', () => {
  it('gives what the work gives', async () => {
    await expect(withTimeLimit(1_000, new AbortController().signal, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('aborts the work when its time is over', async () => {
    await expect(withTimeLimit(5, new AbortController().signal, aborted)).rejects.toThrow('Not done within 5 ms');
  });

  it('passes the caller’s own reason on, before and while it works', async () => {
    const stop = new AbortController();
    const working = withTimeLimit(1_000, stop.signal, aborted);
    stop.abort(new Error('stopping'));
    await expect(working).rejects.toThrow('stopping');
    await expect(withTimeLimit(1_000, stop.signal, () => Promise.resolve(1))).rejects.toThrow('stopping');
  });
});
