import { expect, it } from 'vitest';

import { createRandom } from '../../random.js';
import { chooseDisruption } from './disruption.js';

const chosen = (seed: number, count: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => chooseDisruption(random));
};

it('chooses the same disruptions for the same seed, and others for another', () => {
  expect(chosen(1, 50)).toEqual(chosen(1, 50));
  expect(chosen(1, 50)).not.toEqual(chosen(2, 50));
});

it('chooses every kind of every fault sooner or later', () => {
  const all = chosen(1, 1_000);
  expect(new Set(all.map(({ name }) => name)).size).toBe(21);
  expect(new Set(all.flatMap(({ streams }) => streams)).size).toBe(4);
});
