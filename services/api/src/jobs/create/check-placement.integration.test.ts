import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { seedOffer } from '../../testing/seed-cluster.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

describe('a placement that is asked for', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    const { organizationId } = await api.newCaller('umbrella', 'ADMIN');
    await seedOffer(api.database, 'east', null);
    await seedOffer(api.database, 'west', null);
    await seedOffer(api.database, 'theirs', organizationId);
  });

  afterAll(() => api.stop());

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
