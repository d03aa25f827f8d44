import { describe, expect, it, test } from 'vitest';
import { parseCreateApiKey } from './parse-create-api-key.js';
import { issuesOf } from './testing/issues-of.js';

const nowMs = Date.parse('2026-01-31T12:00:00Z');
const parse = (input: unknown) => parseCreateApiKey(input, nowMs);

describe('parseCreateApiKey', () => {
  it('never ends, and is for the own organization, unless said otherwise', () => {
    const key = { name: 'ci', role: 'SUBMITTER', expiresAt: null, organizationId: null };
    expect(parse({ name: 'ci', role: 'SUBMITTER' })).toEqual(key);
    expect(parse(key)).toEqual(key);
  });

  it('takes an end and an organization', () => {
    const key = { name: 'ci', role: 'OPERATOR', expiresAt: new Date(nowMs + 1), organizationId: 'org_1' };
    expect(parse(key)).toEqual(key);
  });

  test.each<[object, string[]]>([
    [{ name: '', role: 'ADMIN' }, ['name']],
    [{ name: 'n'.repeat(101), role: 'ROOT', expiresAt: new Date(nowMs) }, ['name', 'role', 'expiresAt']],
    [{ name: 'a\0', role: 'ADMIN', organizationId: '\0' }, ['name', 'organizationId']],
    [{}, ['name', 'role']],
  ])('%j has wrong: %j', (input, wrong) => {
    expect(issuesOf(() => parse(input))).toEqual(wrong.map((field) => `${field} INVALID`));
  });
});
