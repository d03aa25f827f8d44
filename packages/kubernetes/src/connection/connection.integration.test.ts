import type { V1Job } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRealCluster, type RealCluster } from '../testing/real-cluster.js';
import { readClusterIdentity } from './cluster-identity.js';

let cluster: RealCluster;

beforeAll(async () => {
  cluster = await openRealCluster();
});

afterAll(() => cluster.close());

function job(name: string, suspend: boolean): V1Job {
  const containers = [{ name: 'main', image: 'none', command: ['true'] }];
  return { metadata: { name }, spec: { suspend, template: { spec: { restartPolicy: 'Never', containers } } } };
}

describe('a connection to a real API server', () => {
  it('knows which cluster it is', async () => {
    const identity = await readClusterIdentity(cluster.connection);
    expect(identity.systemUid).toMatch(/^[0-9a-f-]{36}$/);
    expect(identity.version).toMatch(/^v1\./);
  });

  it('is refused what is not there, a second Job of the same name, and a change to what it no longer is', async () => {
    const { namespace, connection } = cluster;
    const { batch } = connection;
    await expect(connection.getJson('/api/v1/namespaces/no-such-namespace', {})).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      reason: 'NotFound',
    });
    await batch.createNamespacedJob({ namespace, body: job('twice', true), fieldValidation: 'Strict' });
    await expect(batch.createNamespacedJob({ namespace, body: job('twice', true) })).rejects.toMatchObject({
      kind: 'ALREADY_EXISTS',
    });
    const stale = [
      { op: 'test', path: '/metadata/uid', value: 'another' },
      { op: 'replace', path: '/spec/suspend', value: false },
    ];
    await expect(batch.patchNamespacedJob({ namespace, name: 'twice', body: stale })).rejects.toMatchObject({
      kind: 'INVALID',
      status: 422,
    });
    const body = { propagationPolicy: 'Background', preconditions: { uid: 'another' } };
    await expect(batch.deleteNamespacedJob({ namespace, name: 'twice', body })).rejects.toMatchObject({
      kind: 'CONFLICT',
    });
  });
});
