import { expect, test } from 'vitest';
import { sizeOf } from './size-of.js';

test.each([
  ['abc', 19],
  [1, 16],
  [null, 16],
  [undefined, 16],
  [{}, 16],
  [{ ab: 'c' }, 35],
  [['a', 'b'], 52],
  [new Date(0), 16],
])('%j takes %i', (value, size) => {
  expect(sizeOf(value)).toBe(size);
});

test('what has ten times the text takes about ten times the size', () => {
  const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key-${i}`, 'value']));
  expect(sizeOf(labels(1_000)) / sizeOf(labels(100))).toBeCloseTo(10, 0);
});
