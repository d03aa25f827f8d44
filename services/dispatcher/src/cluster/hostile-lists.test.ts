import type { ClusterConnection } from '@ccluster/kubernetes';
import { expect, it } from 'vitest';
import { createKubernetesClusterWriter } from './kubernetes-cluster-writer.js';

const { signal } = new AbortController();

it('breaks off a list that does not end', async () => {
  let pages = 0;
  const getJson = () => Promise.resolve({ metadata: { continue: `${(pages += 1)}` }, items: [] });
  const connection = { getJson } as unknown as ClusterConnection;
  const writer = createKubernetesClusterWriter(connection, { installation: 'test', clusterId: 'cl_1' }, 'uid');
  const readAll = async () => {
    for await (const page of writer.listJobs('jobs', signal)) expect(page).toEqual([]);
  };
  await expect(readAll()).rejects.toMatchObject({ kind: 'UNREACHABLE' });
  expect(pages).toBe(1_000);
});
