import { insertCluster, insertInstanceType } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

describe('a placement that is asked for', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    const { organizationId } = await api.newCaller('umbrella', 'ADMIN');
    await addCluster('east', null);
    await addCluster('west', null);
    await addCluster('theirs', organizationId);
  });

  afterAll(() => api.stop());

  /** A cluster `cl_<name>` with one instance type `it_<name>`. */
  async function addCluster(name: string, organizationId: string | null): Promise<void> {
    const { db } = api.database;
    await insertCluster(db, {
      id: `cl_${name}`,
      organizationId,
      name,
      displayName: name,
      region: 'here',
      provider: null,
      namespace: 'jobs',
      autoscaling: false,
      kubernetesVersion: 'v1.35.4',
      systemUid: name,
      credentials: Buffer.alloc(0),
      readerCredentials: Buffer.alloc(0),
    });
    await insertInstanceType(db, {
      id: `it_${name}`,
      clusterId: `cl_${name}`,
      name: 'small',
      gpuType: null,
      gpuCount: 0,
      acceleratorResource: 'nvidia.com/gpu',
      cpuMillicores: 1000,
      memoryMib: 1024,
      sharedMemoryMib: 0,
      pricePerHourCents: 100,
      nodeSelector: {},
      tolerations: [],
    });
  }

  it.each([
    ['an instance type of its cluster', { clusterId: 'cl_east', instanceTypeId: 'it_east' }, []],
    ['an instance type alone', { instanceTypeId: 'it_west' }, []],
    [
      'an instance type of another cluster',
      { clusterId: 'cl_east', instanceTypeId: 'it_west' },
      ['placement.instanceTypeId: INVALID'],
    ],
    ['a cluster of another organization', { clusterId: 'cl_theirs' }, ['placement.clusterId: INVALID']],
    [
      'an instance type of another organization',
      { instanceTypeId: 'it_theirs' },
      ['placement.instanceTypeId: INVALID'],
    ],
  ])('may be %s or is refused', async (what, placement, expected) => {
    const input = { name: `j${expected.length}-${what.length}`, imageUrl: 'busybox', imageTag: '1', placement };
    const answer = await caller.ask('mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }', {
      input,
    });
    expect(refusalsOf(answer)).toEqual(expected);
  });
});
