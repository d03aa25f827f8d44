import { readFileSync } from 'node:fs';
import 'reflect-metadata';
import { expect, it } from 'vitest';
import { printApiSchema } from './schema.js';

it('is what schema.graphql says: where it is meant to change, run `pnpm -C services/api run schema`', () => {
  const committed = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8');
  expect(printApiSchema()).toBe(committed);
});
