import type { BucketSize, TakenTokens } from '@ccluster/messaging';

/** More are of nobody who comes back. */
const MAX_BUCKETS = 10_000;

export interface Buckets {
  /** Takes all or nothing. */
  take(name: string, amount: number): TakenTokens;
  /** Takes it in any case: what is not there is owed. */
  owe(name: string, amount: number): void;
  /** Whole tokens; negative where some are owed. */
  left(name: string): number;
}

interface Bucket {
  level: number;
  atMs: number;
}

/** Token buckets of this process. @param nowMs of a clock that only goes forward */
export function createBuckets({ burst, perSecond }: BucketSize, nowMs: () => number): Buckets {
  const buckets = new Map<string, Bucket>();
  const fill = (name: string): Bucket => {
    const now = nowMs();
    const { level, atMs } = buckets.get(name) ?? { level: burst, atMs: now };
    const bucket = { level: Math.min(burst, level + ((now - atMs) * perSecond) / 1000), atMs: now };
    // Set anew, it is the youngest: the oldest is the one that has not been used for longest.
    buckets.delete(name);
    buckets.set(name, bucket);
    if (buckets.size > MAX_BUCKETS) forgetOldest(buckets);
    return bucket;
  };
  return {
    take: (name, amount) => {
      const bucket = fill(name);
      const taken = bucket.level >= amount;
      if (taken) bucket.level -= amount;
      return { taken, left: Math.floor(bucket.level) };
    },
    owe: (name, amount) => {
      fill(name).level -= amount;
    },
    left: (name) => Math.floor(fill(name).level),
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const [oldest] = buckets.keys();
  if (oldest !== undefined) buckets.delete(oldest);
}
