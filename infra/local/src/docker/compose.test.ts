import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { createTestContext } from '../testing/test-context.js';
import { composeVariables } from './compose.js';

const file = readFileSync(new URL('../../../../docker-compose.yml', import.meta.url), 'utf8');
const ports = { postgres: 1, redis: 2, openRegistry: 3, lockedRegistry: 4, 'local-east': 5, 'local-west': 6 };

describe('docker-compose.yml', () => {
  it('uses exactly the variables that it is given', () => {
    const { context, remove } = createTestContext();
    remove();
    const used = new Set(Array.from(file.matchAll(/\$\{(\w+):-/g), (match) => match[1]));
    expect(used).toEqual(new Set(Object.keys(composeVariables(context, ports, 'password', 'user:hash'))));
  });

  it('has every service that is started by its name', () => {
    const services = ['postgres', 'redis', 'registry-open', 'registry-locked', 'local-east', 'local-west'];
    expect(parse(file, { merge: true })).toHaveProperty(
      'services',
      expect.objectContaining(Object.fromEntries(services.map((name) => [name, expect.anything()]))),
    );
  });
});
