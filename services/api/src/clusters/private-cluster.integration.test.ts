import { readFileSync } from 'node:fs';
import { readTestEnvironment } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const REGISTER = `mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id } }`;
const CREATE_INSTANCE_TYPE = `mutation ($input: CreateInstanceTypeInput!) { createInstanceType(input: $input) { name } }`;

describe('a private cluster', () => {
  const [environmentCluster] = readTestEnvironment().clusters;
  let api: TestApi;
  let admin: TestCaller;
  let id: string;

  beforeAll(async () => {
    api = await startTestApi();
    admin = await api.newCaller('acme', 'ADMIN');
    const { registerCluster } = await admin.get<{ registerCluster: { id: string } }>(REGISTER, {
      input: {
        name: 'ours',
        region: 'here',
        namespace: 'ccluster-jobs',
        credentials: { kubeconfig: readFileSync(environmentCluster!.dispatcherKubeconfig, 'utf8') },
        readerCredentials: { kubeconfig: readFileSync(environmentCluster!.watcherKubeconfig, 'utf8') },
      },
    });
    id = registerCluster.id;
  });

  afterAll(() => api.stop());

  it('is registered by an admin, with its instance types', async () => {
    const input = { clusterId: id, name: 'cpu', gpuCount: 0, cpuMillicores: 500, memoryMiB: 256, pricePerHourCents: 4 };
    expect((await admin.ask(CREATE_INSTANCE_TYPE, { input })).data).toEqual({ createInstanceType: { name: 'cpu' } });
    const { data } = await admin.ask('query ($id: ID!) { instanceTypes(clusterId: $id) { name cluster { name } } }', {
      id,
    });
    expect(data).toEqual({ instanceTypes: [{ name: 'cpu', cluster: { name: 'ours' } }] });
  });

  it('is given by its id, to its owner only', async () => {
    const query = 'query ($id: ID!) { cluster(id: $id) { id name ownership } }';
    expect((await admin.ask(query, { id })).data).toEqual({ cluster: { id, name: 'ours', ownership: 'PRIVATE' } });
    const stranger = await api.newCaller('umbrella', 'OPERATOR');
    expect((await stranger.ask(query, { id })).data).toEqual({ cluster: null });
  });
});
