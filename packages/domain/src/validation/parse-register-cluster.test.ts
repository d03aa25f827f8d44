import { describe, expect, it, test } from 'vitest';
import { issuesOf } from './testing/issues-of.js';
import { parseClusterChange, parseRegisterCluster } from './parse-register-cluster.js';

const minimal = { name: 'local-east', region: 'us-east', namespace: 'jobs' };

describe('parseRegisterCluster', () => {
  it('shows the name where no other is given', () => {
    expect(parseRegisterCluster(minimal)).toEqual({
      ...minimal,
      displayName: 'local-east',
      provider: null,
      managed: false,
      autoscaling: false,
    });
  });

  it('leaves the credentials to their own parser', () => {
    const parsed = parseRegisterCluster({ ...minimal, credentials: { bearerToken: 'x' } });
    expect(parsed).not.toHaveProperty('credentials');
  });

  test.each<[object, string[]]>([
    [{ name: 'a'.repeat(40), region: 'r'.repeat(63), displayName: 'D'.repeat(100) }, []],
    [{ name: 'a'.repeat(41), region: 'r'.repeat(64), displayName: 'D'.repeat(101) }, ['name', 'displayName', 'region']],
    [{ name: 'East' }, ['name']],
    [{ displayName: '' }, ['displayName']],
    [{ region: '' }, ['region']],
    [{ provider: '' }, ['provider']],
    [{ namespace: '0-9' }, []],
    [{ namespace: 'n'.repeat(63) }, []],
    [{ namespace: 'n'.repeat(64) }, ['namespace']],
    [{ namespace: '' }, ['namespace']],
    [{ namespace: 'a.b' }, ['namespace']],
    [{ namespace: '-a' }, ['namespace']],
    [{ namespace: 'ccluster-{organization}', managed: true }, []],
    [{ namespace: '{organization}', managed: true }, []],
    [{ namespace: 'shared', managed: true }, []],
    [{ namespace: 'ccluster-{organization}' }, ['namespace']],
    [{ namespace: '{organization}-{organization}', managed: true }, ['namespace']],
    [{ namespace: `${'n'.repeat(37)}{organization}`, managed: true }, []],
    [{ namespace: `${'n'.repeat(38)}{organization}`, managed: true }, ['namespace']],
    [{ namespace: '{cluster}', managed: true }, ['namespace']],
  ])('%j has wrong: %j', (fields, wrong) => {
    const expected = wrong.map((field) => `${field} INVALID`);
    expect(issuesOf(() => parseRegisterCluster({ ...minimal, ...fields }))).toEqual(expected);
  });
});

describe('parseClusterChange', () => {
  test.each<[object, object]>([
    [{}, {}],
    [{ displayName: null, draining: null, autoscaling: null, credentials: {} }, {}],
    [
      { draining: false, autoscaling: true, displayName: 'East' },
      { draining: false, autoscaling: true, displayName: 'East' },
    ],
  ])('changes only what is given: %j', (input, change) => {
    expect(parseClusterChange(input)).toEqual(change);
  });

  test('has wrong: a name without characters, or with too many', () => {
    for (const displayName of ['', 'x'.repeat(101), '\0']) {
      expect(issuesOf(() => parseClusterChange({ displayName }))).toEqual(['displayName INVALID']);
    }
  });
});
