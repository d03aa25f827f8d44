import { expect, it } from 'vitest';
import { createCheckingTime } from './checking-time.js';

it('of a caller is used up, and comes again', () => {
  let nowMs = 0;
  const time = createCheckingTime(150, () => nowMs);
  const check = (ms: number) => time.measure('a', () => (nowMs += ms));
  check(300);
  time.require('a');
  check(600);
  expect(() => time.require('a')).toThrow('too long');
  time.require('b');
  nowMs += 4_000;
  time.require('a');
});

it('is used by a check that throws, too', () => {
  let nowMs = 0;
  const time = createCheckingTime(150, () => nowMs);
  const fail = () => {
    nowMs += 1_000;
    throw new Error('no document');
  };
  expect(() => time.measure('a', fail)).toThrow('no document');
  expect(() => time.require('a')).toThrow('too long');
});
