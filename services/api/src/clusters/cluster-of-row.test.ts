import type { ClusterRow } from '@ccluster/db';
import { expect, test } from 'vitest';
import { clusterOfRow } from './cluster-of-row.js';

const [created, seen, drained, lost] = [1, 2, 3, 4].map((day) => new Date(`2026-01-0${day}T00:00:00Z`)) as [
  Date,
  Date,
  Date,
  Date,
];

const row: ClusterRow = {
  id: 'cl_1',
  organizationId: null,
  name: 'east',
  displayName: 'East',
  region: 'here',
  provider: null,
  namespace: 'jobs',
  draining: false,
  drainingSince: null,
  autoscaling: false,
  kubernetesVersion: 'v1.35.4',
  lastSeenAt: seen,
  unreachableSince: null,
  unreachableMessage: null,
  capacity: [],
  createdAt: created,
  silentForMs: 9_000,
};
const draining = { draining: true, drainingSince: drained };
const unreachable = { unreachableSince: lost, unreachableMessage: 'No answer' };

test.each<[string, Partial<ClusterRow>, string, string | null, Date | null]>([
  ['that answers', {}, 'HEALTHY', null, null],
  ['that was just registered', { lastSeenAt: null }, 'HEALTHY', null, null],
  ['that drains', draining, 'DRAINING', 'CLUSTER_DRAINING', drained],
  ['that does not answer', unreachable, 'UNREACHABLE', 'CLUSTER_UNREACHABLE', lost],
  ['that drains and does not answer', { ...draining, ...unreachable }, 'UNREACHABLE', 'CLUSTER_UNREACHABLE', lost],
  ['that nobody watches any more', { silentForMs: 60_001 }, 'UNREACHABLE', 'CLUSTER_NOT_WATCHED', seen],
  [
    'that nobody ever watched',
    { lastSeenAt: null, silentForMs: 60_001 },
    'UNREACHABLE',
    'CLUSTER_NOT_WATCHED',
    created,
  ],
])('a cluster %s says so', (_, changes, status, code, since) => {
  const { reason, ...cluster } = clusterOfRow({ ...row, ...changes });
  expect([cluster.status, reason?.code ?? null, reason?.since ?? null]).toEqual([status, code, since]);
  expect(Object.keys(cluster)).not.toEqual(expect.arrayContaining(['silentForMs']));
});

test('is PRIVATE where an organization owns it', () => {
  expect(clusterOfRow(row).ownership).toBe('MANAGED');
  expect(clusterOfRow({ ...row, organizationId: 'org_1' }).ownership).toBe('PRIVATE');
});
