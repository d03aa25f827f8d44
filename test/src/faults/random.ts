import { crc32 } from 'node:zlib';

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Choices that a seed repeats. Not for secrets. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(min: number, max: number): number;
  /** Throws where there is nothing to choose from. */
  pick<T>(choices: readonly T[]): T;
  /** Choices of its own, that do not depend on how many others are drawn meanwhile: one for each thing done at a time. */
  fork(name: string): Random;
}

/** @param seed 32 bits */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const between = (min: number, max: number): number => uniformInt(generator, min, max);
  return {
    next: () => uniformFloat64(generator),
    between,
    pick: (choices) => {
      const choice = choices[between(0, choices.length - 1)];
      if (choice === undefined) throw new Error('There is nothing to choose from');
      return choice;
    },
    fork: (name) => createRandom(crc32(`${seed} ${name}`) | 0),
  };
}
