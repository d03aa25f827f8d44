import { BatchV1Api, KubeConfig } from '@kubernetes/client-node';
import { waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { allLogLines, texts } from '../support/collect.js';
import { grantCluster, type GrantedCluster } from '../support/granted-cluster.js';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const LINES = 120;
const printing = `i=0; while [ $i -lt ${LINES} ]; do echo "line $i"; i=$((i+1)); sleep 0.2; done`;

describe('a cluster with the rights of its manifest', () => {
  let platform: Platform;
  let granted: GrantedCluster;
  let clusterId: string;

  beforeAll(async () => {
    platform = await startPlatform('clusters');
    const [cluster] = platform.environment.clusters;
    if (cluster === undefined) throw new Error('The environment has no cluster');
    granted = await grantCluster(cluster);
    const where = { name: granted.namespace, region: cluster.region, managed: true, namespace: granted.namespace };
    const input = { ...where, ...(await granted.newCredentials('first')) };
    const registered = await ask('mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id } }', {
      input,
    });
    const created = registered.data?.['registerCluster'] as { readonly id: string } | undefined;
    if (created === undefined) throw new Error(`It was not registered: ${JSON.stringify(registered.errors)}`);
    clusterId = created.id;
    const size = { name: 'small', gpuCount: 0, cpuMillicores: 20, memoryMiB: 64, pricePerHourCents: 1 };
    await ask('mutation ($input: CreateInstanceTypeInput!) { createInstanceType(input: $input) { id } }', {
      input: { ...size, clusterId },
    });
  });
  afterAll(async () => {
    await platform.stop();
    await granted.delete();
  });

  async function ask(query: string, variables: object): Promise<Answer> {
    const response = await fetch(platform.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${platform.apiKey}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  }
  const update = (input: object) =>
    ask('mutation ($id: ID!, $input: UpdateClusterInput!) { updateCluster(id: $id, input: $input) { status } }', {
      id: clusterId,
      input,
    });
  const remove = (abandon: boolean) =>
    ask('mutation ($id: ID!, $abandon: Boolean!) { removeCluster(id: $id, abandon: $abandon) }', {
      id: clusterId,
      abandon,
    });
  const codes = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions?.code);
  const start = (script: string) =>
    platform.client.createJob(shellJob(platform.environment, script, { placement: { clusterId } }));
  const becomes = (jobId: string, status: string) =>
    waitFor(async () => (await platform.client.findJob(jobId))?.status === status, {
      timeoutMs: 60_000,
      what: `${jobId} to be ${status}`,
    });

  it('runs jobs, and takes new credentials without losing a job or a line, though the old ones end at once', async () => {
    const { id } = await start(printing);
    await becomes(id, 'RUNNING');
    expect(codes(await update(await granted.newCredentials('second')))).toEqual([]);
    await granted.revoke('first');
    const after = await start('echo after');
    expect(await platform.client.waitForEnd(after.id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await platform.client.waitForEnd(id)).toMatchObject({ status: 'SUCCEEDED' });
    const lines = await allLogLines(platform.client, id);
    expect(lines.flatMap(({ gapBefore }) => gapBefore ?? [])).toEqual([]);
    expect(texts(lines)).toEqual(Array.from({ length: LINES }, (_, i) => `0/1 line ${i}`));
  });

  it('takes no new jobs while it drains, and ends those that run', async () => {
    const { id } = await start('sleep 5; echo drained');
    await becomes(id, 'RUNNING');
    expect((await update({ draining: true })).data).toEqual({ updateCluster: { status: 'DRAINING' } });
    await expect(start('echo never')).rejects.toThrow('placement.clusterId');
    expect(await platform.client.waitForEnd(id)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await update({ draining: false })).data).toEqual({ updateCluster: { status: 'HEALTHY' } });
  });

  it('is removed with its jobs, which never run again, and holds nothing of ours after', async () => {
    const { id } = await start('sleep 600');
    await becomes(id, 'RUNNING');
    expect(codes(await remove(false))).toEqual(['CLUSTER_IN_USE']);
    expect(codes(await remove(true))).toEqual([]);
    const job = await platform.client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'FAILED', reason: { code: 'CLUSTER_ABANDONED' } });
    const config = new KubeConfig();
    config.loadFromFile(platform.environment.clusters[0]!.kubeconfig);
    const batch = config.makeApiClient(BatchV1Api);
    const isEmpty = async () => (await batch.listNamespacedJob({ namespace: granted.namespace })).items.length === 0;
    await waitFor(isEmpty, { timeoutMs: 60_000, what: 'the Kubernetes Job to be deleted' });
    expect(await platform.client.findJob(id)).toMatchObject({ status: 'FAILED' });
  });
});
