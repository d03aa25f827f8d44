import { describe, expect, it } from 'vitest';

import { auditPolicy, SIMULATOR_USER } from './audit-policy.js';

interface Request {
  user: string;
  group: string;
  verb: string;
  resource: string;
  namespace?: string;
}

const dispatcher = { user: 'system:serviceaccount:ccluster-jobs:ccluster-dispatcher', group: 'system:serviceaccounts' };
const jobController = { user: 'system:serviceaccount:kube-system:job-controller', group: 'system:serviceaccounts' };
const kubelet = { user: 'system:node:n', group: 'system:nodes' };
const simulator = { user: SIMULATOR_USER, group: 'system:masters' };
const scheduler = { user: 'system:kube-scheduler', group: 'system:authenticated' };

/** As the API server does it: the first rule that fits, and what a rule does not name fits always. */
function levelOf({ user, group, verb, resource, namespace = 'ccluster-jobs' }: Request): string | undefined {
  const fits = (allowed: readonly string[] | undefined, value: string): boolean => allowed?.includes(value) ?? true;
  return auditPolicy.rules.find(
    (rule: (typeof auditPolicy.rules)[number]) =>
      fits('namespaces' in rule ? rule.namespaces : undefined, namespace) &&
      fits('users' in rule ? rule.users : undefined, user) &&
      fits('userGroups' in rule ? rule.userGroups : undefined, group) &&
      fits(rule.verbs, verb) &&
      fits(
        rule.resources?.flatMap((each) => each.resources),
        resource,
      ),
  )?.level;
}

describe('the audit policy', () => {
  it.each([
    { ...dispatcher, verb: 'create', resource: 'jobs', level: 'RequestResponse' },
    { ...dispatcher, verb: 'patch', resource: 'jobs', level: 'Request' },
    { ...dispatcher, verb: 'delete', resource: 'jobs', level: 'RequestResponse' },
    { ...dispatcher, verb: 'get', resource: 'jobs', level: 'None' },
    { ...dispatcher, verb: 'patch', resource: 'jobs/status', level: 'Request' },
    { ...jobController, verb: 'update', resource: 'jobs/status', level: 'Request' },
    { ...jobController, verb: 'create', resource: 'pods', level: 'RequestResponse' },
    { ...jobController, verb: 'patch', resource: 'pods', level: 'None' },
    { ...jobController, verb: 'delete', resource: 'pods', level: 'Metadata' },
    { ...kubelet, verb: 'patch', resource: 'pods/status', level: 'Request' },
    { ...simulator, verb: 'patch', resource: 'pods/status', level: 'Request' },
    { ...scheduler, verb: 'patch', resource: 'pods/status', level: 'None' },
    { ...dispatcher, verb: 'create', resource: 'secrets', level: 'Metadata' },
    { ...dispatcher, verb: 'delete', resource: 'secrets', level: 'Metadata' },
    { ...jobController, verb: 'create', resource: 'pods', namespace: 'kube-system', level: 'None' },
  ])('writes $verb of $resource in $namespace by $user with $level', ({ level, ...request }) => {
    expect(levelOf(request)).toBe(level);
  });

  it('never writes what a Secret holds', () => {
    const levels = auditPolicy.rules
      .filter((rule) => rule.resources?.some(({ resources }) => resources.includes('secrets')))
      .map(({ level }) => level);
    expect(levels).toEqual(['Metadata']);
  });
});
