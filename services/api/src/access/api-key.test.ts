import { expect, it, test } from 'vitest';
import { hashApiKey, isApiKey, newApiKey } from './api-key.js';

it('makes keys of 256 random bits', () => {
  const key = newApiKey((bytes) => bytes.fill(255));
  expect(key).toBe(`cck_${'_'.repeat(42)}8`);
  expect(isApiKey(key)).toBe(true);
  expect(hashApiKey(key)).toHaveLength(32);
});

test.each(['', 'cck_', 'eyJhbGciOi.a.b', `cck_${'a'.repeat(42)}`, `cck_${'a'.repeat(44)}`, ` cck_${'a'.repeat(43)}`])(
  'takes %j for no key',
  (text) => {
    expect(isApiKey(text)).toBe(false);
  },
);
