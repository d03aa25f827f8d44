import type { TakeShared } from '@ccluster/messaging';
import { describe, expect, it } from 'vitest';
import { createRateLimits } from './rate-limits.js';

const SIZE = { burst: 100, perSecond: 10 };

function limits(takeShared: TakeShared) {
  const time = { nowMs: 0 };
  return { time, ...createRateLimits({ ...SIZE, takeShared, nowMs: () => time.nowMs }) };
}

describe('what a caller may use', () => {
  it('is what is left here and at all processes together, whichever is less', async () => {
    const { charge } = limits(async () => ({ taken: true, left: 30 }));
    expect(await charge('a', 10)).toEqual({ limit: 100, remaining: 30, resetSeconds: 7 });
  });

  it('is refused with the seconds to wait', async () => {
    const { charge } = limits(async () => ({ taken: false, left: 5 }));
    await expect(charge('a', 50)).rejects.toMatchObject({ name: 'RateLimited', retryAfterSeconds: 5 });
  });

  it('is refused here without a question to Redis', async () => {
    let asked = 0;
    const { charge } = limits(async () => ({ taken: true, left: (asked += 1) }));
    await charge('a', 100);
    await expect(charge('a', 1)).rejects.toThrow('Too much');
    expect(asked).toBe(1);
  });

  it('is granted here while Redis is away, as much and no more, and Redis asked again after a second', async () => {
    let asked = 0;
    const { charge, time } = limits(async () => {
      asked += 1;
      throw new Error('away');
    });
    expect(await charge('a', 60)).toMatchObject({ remaining: 40 });
    expect(await charge('a', 40)).toMatchObject({ remaining: 0 });
    await expect(charge('a', 10)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(asked).toBe(1);
    time.nowMs = 1_001;
    await charge('a', 10);
    expect(asked).toBe(2);
  });
});
