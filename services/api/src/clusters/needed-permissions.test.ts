import { expect, test } from 'vitest';
import { describePermission, type Permission } from './needed-permissions.js';

test.each<[Permission, string]>([
  [{ verb: 'list', group: '', resource: 'pods' }, 'list pods'],
  [{ verb: 'get', group: '', resource: 'pods/log' }, 'get pods/log'],
  [{ verb: 'create', group: 'batch', resource: 'jobs' }, 'create jobs.batch'],
  [{ verb: 'patch', group: 'batch', resource: 'jobs/status' }, 'patch jobs.batch/status'],
  [{ verb: 'get', group: '', resource: 'namespaces', object: 'kube-system' }, 'get namespaces "kube-system"'],
])('%j is told as %s', (permission, text) => {
  expect(describePermission(permission)).toBe(text);
});
