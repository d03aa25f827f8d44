import { describe, expect, it, test } from 'vitest';
import type { ClaimsConfig } from './oidc-config.js';
import { readClaims } from './token-claims.js';

const config: ClaimsConfig = {
  name: 'email',
  organization: 'https://acme.example/org',
  organizations: undefined,
  role: 'realm_access.roles',
  roles: { reader: 'VIEWER', writer: 'SUBMITTER', boss: 'ADMIN' },
};
const claims = {
  sub: '42',
  email: 'ada@acme.example',
  'https://acme.example/org': 'acme',
  realm_access: { roles: ['reader', 'writer'] },
};

describe('readClaims', () => {
  it('finds claims by their name, dots and all, and inside others', () => {
    expect(readClaims(claims, config)).toEqual({
      subject: '42',
      name: 'ada@acme.example',
      organizationName: 'acme',
      role: 'SUBMITTER',
    });
  });

  it('takes only mapped organizations where there is a map', () => {
    const mapped = { ...config, organizations: { acme: 'Acme, Inc.' } };
    expect(readClaims(claims, mapped)).toMatchObject({ organizationName: 'Acme, Inc.' });
    const several = { ...claims, [config.organization]: ['umbrella', 'acme'] };
    expect(readClaims(several, mapped)).toMatchObject({ organizationName: 'Acme, Inc.' });
    expect(readClaims({ ...claims, [config.organization]: 'toString' }, mapped)).toMatch(/names no organization/);
  });

  test.each<[object, string]>([
    [{ sub: undefined }, 'its claim sub is missing, or no short text'],
    [{ sub: 7 }, 'its claim sub is missing, or no short text'],
    [{ email: '' }, 'its claim email is missing, or no short text'],
    [{ email: 'a'.repeat(256) }, 'its claim email is missing, or no short text'],
    [{ email: 'a\0' }, 'its claim email is missing, or no short text'],
    [{ [config.organization]: { name: 'acme' } }, 'its claim https://acme.example/org names no organization'],
    [
      { [config.organization]: ['acme', 'umbrella'] },
      'its claim https://acme.example/org names more than one organization',
    ],
    [{ realm_access: undefined }, 'its claim realm_access.roles gives no role'],
    [{ realm_access: 'reader' }, 'its claim realm_access.roles gives no role'],
    [
      { realm_access: { roles: ['constructor', '__proto__', 'BOSS', 7, null] } },
      'its claim realm_access.roles gives no role',
    ],
  ])('refuses %j', (change, reason) => {
    expect(readClaims({ ...claims, ...change }, config)).toBe(reason);
  });
});
