import { KubernetesFault } from '@ccluster/kubernetes';
import { describe, expect, it } from 'vitest';
import type { ClusterFaultKind } from './cluster-fault.js';
import { faultKind, toClusterFault } from './kubernetes-fault.js';

const rbac =
  'Forbidden: jobs.batch is forbidden: User "u" cannot create resource "jobs" in API group "batch" in the namespace "x"';

describe('faultKind', () => {
  const table: [ConstructorParameters<typeof KubernetesFault>, ClusterFaultKind][] = [
    [['UNREACHABLE', 'ECONNREFUSED'], 'UNREACHABLE'],
    [['TIMEOUT', 'No answer within 10000 ms'], 'UNREACHABLE'],
    [['SERVER_ERROR', 'InternalError: failed calling webhook'], 'UNREACHABLE'],
    [['EXPIRED', 'Expired'], 'UNREACHABLE'],
    [['CONFLICT', 'Conflict'], 'UNREACHABLE'],
    [['TOO_MANY_REQUESTS', 'TooManyRequests'], 'BUSY'],
    [['UNAUTHORIZED', 'Unauthorized'], 'CLUSTER_REFUSED'],
    [['NOT_FOUND', 'NotFound: namespaces "x" not found'], 'NAMESPACE_REFUSED'],
    [['FORBIDDEN', rbac], 'NAMESPACE_REFUSED'],
    [['FORBIDDEN', rbac.replace(/ in the namespace.*/, ' at the cluster scope')], 'CLUSTER_REFUSED'],
    [
      ['FORBIDDEN', 'Forbidden: unable to create new content in namespace x because it is being terminated'],
      'NAMESPACE_REFUSED',
    ],
    [['FORBIDDEN', 'Forbidden'], 'CLUSTER_REFUSED'],
    [
      ['FORBIDDEN', 'Forbidden: jobs.batch "a" is forbidden: exceeded quota: q, requested: count/jobs.batch=1'],
      'QUOTA_EXCEEDED',
    ],
    [['FORBIDDEN', 'Forbidden: admission webhook "policy" denied the request: no'], 'POLICY_REFUSED'],
    [['INVALID', 'Invalid: Job "a" is invalid', { status: 422, reason: 'Invalid' }], 'POLICY_REFUSED'],
    [['INVALID', 'BadRequest: strict decoding error', { status: 400, reason: 'BadRequest' }], 'POLICY_REFUSED'],
    [['INVALID', 'RequestEntityTooLarge', { status: 413, reason: 'RequestEntityTooLarge' }], 'POLICY_REFUSED'],
    [['INVALID', 'HTTP 400', { status: 400 }], 'UNREACHABLE'],
    [['INVALID', 'MethodNotAllowed', { status: 405, reason: 'MethodNotAllowed' }], 'UNREACHABLE'],
  ];

  it.each(table)('takes %j as %s', (fault, kind) => {
    expect(faultKind(new KubernetesFault(...fault))).toBe(kind);
  });
});

describe('toClusterFault', () => {
  it('leaves the reason of an aborted call as it is', () => {
    const reason = new Error('stopping');
    expect(toClusterFault(new Error('whatever'), AbortSignal.abort(reason))).toBe(reason);
  });
});
