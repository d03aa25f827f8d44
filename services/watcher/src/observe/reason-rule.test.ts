import { describe, expect, it } from 'vitest';
import { parseReasonTable } from './parse-reason-rules.js';
import { findRule } from './reason-rule.js';

const rules = parseReasonTable('{}').of('any');

describe('a pull that failed', () => {
  const ruleOf = (message: string) => findRule(rules, 'CONTAINER_WAITING', 'ErrImagePull', message)?.name;

  it.each([
    'failed to pull and unpack image "r/a:b": failed to resolve reference "r/a:b": r/a:b: not found',
    'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
    'pulling from host r failed with status code [manifests 1]: 403 Forbidden',
    'pull access denied, repository does not exist or may require authorization',
    'manifest unknown: manifest unknown',
    'dial tcp: lookup registry.invalid: no such host',
  ])('was refused where it says: %s', (message) => {
    expect(ruleOf(message)).toBe('image-pull-refused');
  });

  it.each([
    'dial tcp 10.0.0.1:443: i/o timeout',
    'unexpected status code 503 Service Unavailable',
    'read tcp: connection reset by peer',
    'toomanyrequests: You have reached your pull rate limit',
    'failed to pull and unpack image "acme/not-found:404": EOF',
    'failed to prepare extraction snapshot "x": parent snapshot does not exist: not found',
  ])('was not where it says: %s', (message) => {
    expect(ruleOf(message)).toMatch(/^image-pull(-passing)?$/);
  });
});

it.each([
  ['pods "a" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1', 'QUOTA_EXCEEDED'],
  ['pods "a" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true', 'POLICY_REFUSED'],
  ['admission webhook "p.example" denied the request: no', 'POLICY_REFUSED'],
  ['pods "a" is forbidden: [maximum cpu usage per Container is 1, but limit is 2]', 'POLICY_REFUSED'],
  [
    'pods "a" is forbidden: error looking up service account jobs/default: serviceaccount "default" not found',
    'POD_CREATION_FAILED',
  ],
  [
    'pods "a" is forbidden: unable to create new content in namespace jobs because it is being terminated',
    'POD_CREATION_FAILED',
  ],
  ['Internal error occurred: failed calling webhook "p.example": connection refused', 'POD_CREATION_FAILED'],
  ['etcdserver: request timed out', 'POD_CREATION_FAILED'],
])('pods that cannot be made: %s', (message, code) => {
  expect(findRule(rules, 'FAILED_CREATE', 'FailedCreate', `Error creating: ${message}`)?.code).toBe(code);
});
