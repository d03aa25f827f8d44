import { expect, it } from 'vitest';
import { createBuckets } from './token-bucket.js';

const at = (burst: number, perSecond: number) => {
  let nowMs = 0;
  const buckets = createBuckets({ burst, perSecond }, () => nowMs);
  return { ...buckets, pass: (ms: number) => (nowMs += ms) };
};

it('gives its burst at once, and then what comes each second', () => {
  const { take, pass } = at(100, 10);
  expect(take('a', 100)).toEqual({ taken: true, left: 0 });
  expect(take('a', 1)).toEqual({ taken: false, left: 0 });
  pass(1_000);
  expect(take('a', 10)).toEqual({ taken: true, left: 0 });
});

it('takes all or nothing', () => {
  const { take, left } = at(100, 10);
  expect(take('a', 101)).toEqual({ taken: false, left: 100 });
  expect(left('a')).toBe(100);
});

it('is full after a while, and no fuller', () => {
  const { take, left, pass } = at(100, 10);
  take('a', 100);
  pass(3_600_000);
  expect(left('a')).toBe(100);
});

it('is of one name', () => {
  const { take } = at(100, 10);
  take('a', 100);
  expect(take('b', 100).taken).toBe(true);
});

it('is forgotten as the one that was not used for longest', () => {
  const { take, left } = at(100, 0.001);
  for (const name of ['oldest', 'used']) take(name, 100);
  for (let i = 0; i < 9_999; i += 1) {
    take(`other-${i}`, 1);
    left('used');
  }
  expect([left('used'), left('oldest')]).toEqual([0, 100]);
});
