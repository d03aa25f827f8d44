import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { seedCluster } from '../testing/seed-cluster.js';
import { askForJob, createTestJob } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const CREATE_INSTANCE_TYPE = `mutation ($input: CreateInstanceTypeInput!) { createInstanceType(input: $input) {
  id name gpuType gpuCount gpuMemoryMiB cpuMillicores memoryMiB pricePerHourCents room cluster { name } } }`;
const PLAN = `query ($input: PlacementPlanInput!) { placementPlan(input: $input) {
  instanceType { name cluster { name } } eligible room totalPricePerHourCents reasons { code } } }`;

describe('clusters offer instance types', () => {
  const eastId = 'cl_east';
  let api: TestApi;
  let operator: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('acme', 'OPERATOR');
    await seedCluster(api.database, 'east', null);
  });

  afterAll(() => api.stop());

  const base = {
    name: 'h100',
    gpuType: 'H100',
    gpuCount: 1,
    cpuMillicores: 1000,
    memoryMiB: 4096,
    pricePerHourCents: 250,
  };

  it('that are created, listed and used in a plan and in a job', async () => {
    const input = { ...base, clusterId: eastId };
    const { createInstanceType: created } = await operator.get<{ createInstanceType: { id: string } }>(
      CREATE_INSTANCE_TYPE,
      { input },
    );
    expect(created).toEqual({
      ...base,
      id: expect.stringMatching(/^it_/),
      gpuMemoryMiB: null,
      room: null,
      cluster: { name: 'east' },
    });
    const { id } = created;
    const small = { ...base, name: 'cpu', gpuType: null, gpuCount: 0, pricePerHourCents: 4 };
    await operator.ask(CREATE_INSTANCE_TYPE, { input: { ...small, clusterId: eastId } });
    expect((await operator.ask('{ instanceTypes { name } }')).data).toEqual({
      instanceTypes: [{ name: 'cpu' }, { name: 'h100' }],
    });

    const plan = await operator.ask(PLAN, { input: { placement: { gpuTypes: ['H100'] }, parallelism: 3 } });
    expect(plan.errors).toBeUndefined();
    expect(plan.data?.['placementPlan']).toMatchObject([
      { instanceType: { name: 'h100', cluster: { name: 'east' } }, totalPricePerHourCents: 750 },
      { instanceType: { name: 'cpu' }, eligible: false, reasons: [{ code: 'WRONG_GPU' }] },
    ]);

    const jobId = await createTestJob(operator, {
      name: 'chosen',
      placement: { clusterId: eastId, instanceTypeId: id },
    });
    const job = await operator.ask('query ($id: ID!) { job(id: $id) { requestedPlacement { instanceTypeId } } }', {
      id: jobId,
    });
    expect(job.data).toEqual({ job: { requestedPlacement: { instanceTypeId: id } } });
  });

  it('that no job may wish for where its cluster drains', async () => {
    await api.database.pool.query('update clusters set draining = true where id = $1', [eastId]);
    const answer = await askForJob(operator, { name: 'drained', placement: { clusterId: eastId } });
    expect(refusalsOf(answer)).toEqual(['placement.clusterId: INVALID']);
  });

  it.each([
    ['a name that is taken', {}, ['name: INVALID']],
    ['a cluster that is not there', { clusterId: 'cl_none' }, ['NOT_FOUND']],
    ['a GPU without a count', { name: 'other', gpuCount: 0 }, ['gpuType: INVALID']],
  ])('but not with %s', async (_, changes, expected) => {
    const answer = await operator.ask(CREATE_INSTANCE_TYPE, { input: { ...base, clusterId: eastId, ...changes } });
    expect(refusalsOf(answer)).toEqual(expected);
  });

  it('of managed clusters by operators only', async () => {
    const admin = await api.newCaller('acme', 'ADMIN');
    const answer = await admin.ask(CREATE_INSTANCE_TYPE, { input: { ...base, name: 'mine', clusterId: eastId } });
    expect(refusalsOf(answer)).toEqual(['FORBIDDEN']);
  });
});
