import { waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSharedBuckets } from './shared-bucket.js';
import { startBreakableRedis, type BreakableRedis } from './testing/breakable-redis.js';

describe('a shared bucket', () => {
  let broken: BreakableRedis;

  beforeAll(async () => {
    broken = await startBreakableRedis();
  });

  afterAll(() => broken.close());

  it('gives all processes together what one may take', async () => {
    const processes = await Promise.all(
      [1, 2, 3].map(async () =>
        openSharedBuckets({
          redis: await broken.connectReady('queue'),
          prefix: broken.prefix,
          burst: 100,
          perSecond: 0.001,
        }),
      ),
    );
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => processes[i % 3]!('one', 5)));
    expect(answers.filter(({ taken }) => taken)).toHaveLength(20);
    expect(await processes[0]!('another', 99)).toEqual({ taken: true, left: 1 });
  });

  it('takes all or nothing, and fills up again', async () => {
    const redis = await broken.connectReady('queue');
    const take = openSharedBuckets({ redis, prefix: broken.prefix, burst: 10, perSecond: 100 });
    expect(await take('refilled', 10)).toEqual({ taken: true, left: 0 });
    expect(await take('refilled', 10)).toMatchObject({ taken: false });
    await waitFor(async () => (await take('refilled', 10)).taken, { timeoutMs: 2_000, what: 'a full bucket' });
  });

  it('is forgotten once it is full again', async () => {
    const redis = await broken.connectReady('queue');
    const take = openSharedBuckets({ redis, prefix: broken.prefix, burst: 10, perSecond: 100 });
    await take('short', 1);
    expect(await redis.pttl(`${broken.prefix}:rate:short`)).toBeLessThanOrEqual(100);
  });
});
