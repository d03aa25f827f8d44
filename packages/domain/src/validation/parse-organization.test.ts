import { describe, expect, it, test } from 'vitest';
import { parseCreateOrganization, parseUpdateOrganization } from './parse-organization.js';
import { issuesOf, messagesOf } from './testing/issues-of.js';

describe('parseCreateOrganization', () => {
  it('gives no limit where none is given', () => {
    expect(parseCreateOrganization({ name: 'Acme, Inc.' })).toEqual({ name: 'Acme, Inc.', maxGpus: null });
    expect(parseCreateOrganization({ name: 'é', maxGpus: null })).toEqual({ name: 'é', maxGpus: null });
  });

  test.each<[object, string[]]>([
    [{ name: 'n'.repeat(100), maxGpus: 0 }, []],
    [{ name: '🎉'.repeat(100), maxGpus: 2_147_483_647 }, []],
    [{ name: 'n'.repeat(101), maxGpus: -1 }, ['name', 'maxGpus']],
    [{ name: '' }, ['name']],
    [{ name: ' acme' }, ['name']],
    [{ name: 'acme ' }, ['name']],
    [{ name: 'ac\nme' }, ['name']],
    [{ name: 'ac\u200bme' }, ['name']],
    [{ name: 'ac\u202eme' }, ['name']],
    [{ name: 'ac\ud800me' }, ['name']],
    [{ name: 'acme', maxGpus: 1.5 }, ['maxGpus']],
    [{}, ['name']],
  ])('%j has wrong: %j', (input, wrong) => {
    const expected = wrong.map((field) => `${field} INVALID`);
    expect([...new Set(issuesOf(() => parseCreateOrganization(input)))]).toEqual(expected);
  });

  it('names the field, the rule and the value', () => {
    expect(messagesOf(() => parseCreateOrganization({ name: 'a', maxGpus: -1 }))).toEqual([
      'maxGpus must be a whole number from 0 to 2,147,483,647; got -1',
    ]);
  });
});

describe('parseUpdateOrganization', () => {
  test.each<[object, number | null | undefined]>([
    [{ maxGpus: 8 }, 8],
    [{ maxGpus: 0 }, 0],
    [{ maxGpus: null }, null],
    [{}, undefined],
  ])('of %j sets the limit to %j', (input, maxGpus) => {
    expect(parseUpdateOrganization(input)).toEqual({ maxGpus });
  });

  it('refuses a limit below 0', () => {
    expect(issuesOf(() => parseUpdateOrganization({ maxGpus: -1 }))).toEqual(['maxGpus INVALID']);
  });
});
