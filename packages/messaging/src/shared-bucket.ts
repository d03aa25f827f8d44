import type { Redis } from 'ioredis';

export interface BucketSize {
  /** The most that can be taken at once, after a while of taking nothing. */
  readonly burst: number;
  readonly perSecond: number;
}

export interface TakenTokens {
  readonly taken: boolean;
  /** Whole tokens, after what was taken. */
  readonly left: number;
}

/** Takes all or nothing from the bucket of that name. Rejects where Redis does not answer within a second. */
export type TakeShared = (name: string, amount: number) => Promise<TakenTokens>;

export interface SharedBucketsOptions extends BucketSize {
  /** Of role `queue`; stays open. */
  readonly redis: Redis;
  readonly prefix: string;
}

/** By the clock of Redis, the same for all processes. A bucket that is full again is forgotten. */
const TAKE = `
local burst, rate, amount = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = burst
if stored[1] then level = math.min(burst, stored[1] + math.max(0, now - stored[2]) * rate / 1000) end
local taken = 0
if level >= amount then
  level = level - amount
  taken = 1
end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 1000 / rate))
return { taken, math.floor(level) }`;

/** Token buckets that all processes of an installation share. */
export function openSharedBuckets({ redis, prefix, burst, perSecond }: SharedBucketsOptions): TakeShared {
  return async (name, amount) => {
    const answer = await redis.eval(TAKE, 1, `${prefix}:rate:${name}`, burst, perSecond, amount);
    const [taken, left] = answer as [number, number];
    return { taken: taken === 1, left };
  };
}
