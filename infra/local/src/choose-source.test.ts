import { describe, expect, it } from 'vitest';

import { chooseSource, describeSource } from './choose-source.js';
import type { Compose } from './docker/compose.js';

const compose: Compose = {
  up: async () => undefined,
  exec: async () => '',
  ports: { postgres: 1, redis: 2, openRegistry: 3, lockedRegistry: 4, 'local-east': 5, 'local-west': 6 },
  postgresPassword: 'secret',
};

describe('chooseSource', () => {
  it.each([
    { given: 'redis://mine', docker: compose, expected: { kind: 'given', value: 'redis://mine' } },
    { given: undefined, docker: compose, expected: { kind: 'docker', compose } },
    { given: '', docker: undefined, expected: { kind: 'native' } },
  ])('is $expected.kind for $given', ({ given, docker, expected }) => {
    expect(chooseSource(given, docker)).toEqual(expected);
  });

  it('is said with its reason and without what was given', () => {
    const source = chooseSource('redis://user:password@mine', undefined);
    expect(describeSource('Redis', 'REDIS_URL', "Debian's package", source)).toBe(
      'Redis: yours, since REDIS_URL is set',
    );
  });
});
