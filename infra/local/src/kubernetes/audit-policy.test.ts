import { describe, expect, it } from 'vitest';

import { auditPolicy } from './audit-policy.js';

describe('the audit policy', () => {
  it.each([
    { resource: 'jobs', level: 'Request' },
    { resource: 'pods', level: 'Metadata' },
    { resource: 'secrets', level: 'Metadata' },
  ])('writes $resource with $level', ({ resource, level }) => {
    const rules = auditPolicy.rules.filter(({ resources }) =>
      resources?.some((each) => each.resources.includes(resource)),
    );
    expect(rules.map((rule) => rule.level)).toEqual([level]);
  });

  it('writes nothing else', () => {
    expect(auditPolicy.rules.at(-1)).toEqual({ level: 'None' });
  });
});
