import type { BucketSize, TakeShared } from '@ccluster/messaging';
import { RateLimited } from '../../rate-limited.js';
import { createBuckets, type Buckets } from './token-bucket.js';

/** For so long after a failure Redis is not asked, so that its absence costs nobody time. */
const REST_MS = 1_000;

export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until all of it is there again. */
  readonly resetSeconds: number;
}

export interface RateLimits {
  /** Takes it from what the caller may use here, in this process. Throws RATE_LIMITED. */
  chargeHere(caller: string, points: number): Allowance;
  /** Takes it in any case: what is not there here, in this process, is owed. */
  owe(caller: string, points: number): void;
  /** Takes it from what the caller may use at all processes together. Throws RATE_LIMITED. */
  charge(caller: string, points: number): Promise<Allowance>;
}

export interface RateLimitsOptions extends BucketSize {
  readonly takeShared: TakeShared;
  /** Of a clock that only goes forward. */
  readonly nowMs: () => number;
}

/**
 * Token buckets, in Redis for all processes and in each process besides: what this one alone is asked too much for is
 * refused without Redis, and while Redis is away each process grants as much as all of them together would.
 */
export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const { nowMs, takeShared } = options;
  const buckets = createBuckets(options, nowMs);
  let restsUntilMs = 0;
  const tryShared: (...args: Parameters<TakeShared>) => Promise<Awaited<ReturnType<TakeShared>> | undefined> = async (
    ...args
  ) => {
    if (nowMs() < restsUntilMs) return undefined;
    return takeShared(...args).catch(() => {
      restsUntilMs = nowMs() + REST_MS;
      return undefined;
    });
  };
  const chargeHere: RateLimits['chargeHere'] = (caller, points) => takeHere(buckets, options, caller, points);
  return {
    chargeHere,
    owe: (caller, points) => buckets.owe(caller, points),
    charge: async (caller, points) => {
      const here = chargeHere(caller, points);
      const shared = await tryShared(caller, points);
      if (shared === undefined) return here;
      if (!shared.taken) throw refusal(options, points, shared.left);
      return allowance(options, Math.min(here.remaining, shared.left));
    },
  };
}

function takeHere(buckets: Buckets, size: BucketSize, caller: string, points: number): Allowance {
  const { taken, left } = buckets.take(caller, points);
  if (!taken) throw refusal(size, points, left);
  return allowance(size, left);
}

function allowance({ burst, perSecond }: BucketSize, remaining: number): Allowance {
  return { limit: burst, remaining, resetSeconds: Math.ceil((burst - remaining) / perSecond) };
}

function refusal({ burst, perSecond }: BucketSize, points: number, left: number): RateLimited {
  const waitSeconds = Math.max(1, Math.ceil((Math.min(points, burst) - left) / perSecond));
  return new RateLimited('Too much was asked for in a short time', waitSeconds);
}

/** As most clients know them, and as the draft of the IETF has them. */
export function allowanceHeaders({ limit, remaining, resetSeconds }: Allowance): [name: string, value: string][] {
  const values = { limit, remaining, reset: resetSeconds };
  return Object.entries(values).flatMap(([name, value]) => [
    [`ratelimit-${name}`, String(value)],
    [`x-ratelimit-${name}`, String(value)],
  ]);
}
