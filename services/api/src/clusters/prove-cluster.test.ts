import { expect, test } from 'vitest';
import { isRecentEnough } from './prove-cluster.js';

test.each([
  ['v1.31.0', true],
  ['v1.35.4', true],
  ['1.32.1', true],
  ['v1.33.5-gke.2100000', true],
  ['v1.31.4+k3s1', true],
  ['v1.100.0', true],
  ['v2.0.0', true],
  ['v1.30.9', false],
  ['v1.9.11', false],
  ['v0.99.0', false],
  ['v1', false],
  ['latest', false],
  ['v99999.1', false],
])('version %s is recent enough: %s', (version, isEnough) => {
  expect(isRecentEnough(version)).toBe(isEnough);
});
