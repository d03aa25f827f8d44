import { readOffers, readPlacementSnapshot } from '@ccluster/db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { seedOffer } from '../testing/seed-cluster.js';
import { askForJob, createTestJob, record } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const UPDATE = `mutation ($id: ID!, $input: UpdateInstanceTypeInput!) { updateInstanceType(id: $id, input: $input) {
  id pricePerHourCents room } }`;
const REMOVE = 'mutation ($id: ID!) { removeInstanceType(id: $id) }';
const PLACEMENT = `query ($id: ID!) { job(id: $id) { status reason { code } placement {
  clusterName instanceTypeName instanceType { id } cluster { id } } } }`;

describe('an instance type', () => {
  let api: TestApi;
  let operator: TestCaller;
  let count = 0;
  let name: string;
  let id: string;
  let placement: object;

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('acme', 'OPERATOR');
  });
  afterAll(() => api.stop());

  beforeEach(async () => {
    name = `c${(count += 1)}`;
    id = `it_${name}`;
    await seedOffer(api.database, name, null);
    await api.database.pool.query('UPDATE instance_types SET room = 5, room_when_empty = 8 WHERE id = $1', [id]);
    placement = {
      clusterId: `cl_${name}`,
      clusterName: name,
      instanceTypeId: id,
      instanceTypeName: 'small',
      namespace: 'jobs',
      decidedAt: '2026-01-01T00:00:00.000Z',
      explanation: 'test',
    };
  });

  const update = (input: object, caller = operator, changed = id) => caller.ask(UPDATE, { id: changed, input });
  const newJob = (more: object = {}) => createTestJob(operator, { name: `job-${(count += 1)}`, ...more });
  const placed = async (more: object = {}) => {
    const jobId = await newJob(more);
    await record(api.database, jobId, { type: 'PLACEMENT_DECIDED', placement: placement as never });
    return jobId;
  };
  const arm = (jobId: string) =>
    record(api.database, jobId, { type: 'ARMED', kubernetesUid: jobId, placement: placement as never });
  const offer = async () => (await readOffers(api.database.db)).all.get(id);

  it('has another price for what is placed from now on, and its room stays', async () => {
    const { data } = await update({ pricePerHourCents: 7 });
    expect(data).toEqual({ updateInstanceType: { id, pricePerHourCents: 7, room: 5 } });
    const { offers } = await readPlacementSnapshot(api.database.db);
    expect(offers.find(({ instanceType }) => instanceType.id === id)?.instanceType.pricePerHourCents).toBe(7);
  });

  it('whose nodes are others has no room that is known until they are counted', async () => {
    const input = { nodeSelector: [{ key: 'pool', value: 'new' }], tolerations: [{ key: 'team', value: 'a' }] };
    expect((await update(input)).data).toMatchObject({ updateInstanceType: { pricePerHourCents: 100, room: null } });
    const { rows } = await api.database.pool.query('SELECT * FROM instance_types WHERE id = $1', [id]);
    expect(rows).toMatchObject([
      {
        node_selector: { pool: 'new' },
        tolerations: [{ key: 'team', value: 'a', effect: null }],
        room_when_empty: null,
      },
    ]);
  });

  it('stays as it is where nothing is given', async () => {
    expect((await update({ pricePerHourCents: null })).data).toEqual({
      updateInstanceType: { id, pricePerHourCents: 100, room: 5 },
    });
  });

  it('waits with its change for the turn of placement that is under way', async () => {
    const turn = await api.database.pool.connect();
    await turn.query('BEGIN');
    await turn.query('SELECT pg_advisory_xact_lock(7310452)');
    let isAnswered = false;
    const answer = update({ pricePerHourCents: 9 }).finally(() => (isAnswered = true));
    await expect
      .poll(async () => {
        const here = 'database = (SELECT oid FROM pg_database WHERE datname = current_database())';
        const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND ${here}`;
        return (await api.database.pool.query(waiting)).rowCount;
      })
      .toBeGreaterThan(0);
    expect(isAnswered).toBe(false);
    await turn.query('COMMIT');
    turn.release();
    expect((await answer).data).toMatchObject({ updateInstanceType: { pricePerHourCents: 9 } });
  });

  it('that is removed is offered and taken no more; what runs there goes on, and holds what it has reserved', async () => {
    const jobId = await placed({ completions: 3, parallelism: 3 });
    await arm(jobId);
    expect((await operator.ask(REMOVE, { id })).data).toEqual({ removeInstanceType: id });
    const { instanceTypes } = await operator.get<{ instanceTypes: { id: string }[] }>('{ instanceTypes { id } }');
    expect(instanceTypes.map((each) => each.id)).not.toContain(id);
    expect((await readOffers(api.database.db)).open.map(({ instanceType }) => instanceType.id)).not.toContain(id);
    expect(await offer()).toMatchObject({ backlog: 3, room: 2 });
    const { job } = await operator.get<{ job: object }>(PLACEMENT, { id: jobId });
    expect(job).toMatchObject({
      status: 'STARTING',
      placement: {
        clusterName: name,
        instanceTypeName: 'small',
        instanceType: null,
        cluster: { id: `cl_${name}` },
      },
    });
    const answer = await askForJob(operator, { name: `late-${count}`, placement: { instanceTypeId: id } });
    expect(refusalsOf(answer)).toEqual(['placement.instanceTypeId: INVALID']);
  });

  it('that is removed keeps its name in finished jobs, and frees it for another', async () => {
    const jobId = await placed();
    await arm(jobId);
    const verdict = { outcome: 'FAILED', code: 'BACKOFF_LIMIT_EXCEEDED', message: 'failed', final: true } as const;
    const seen = { kubernetesUid: jobId, resourceVersion: '2', intent: 1, suspended: false, livePods: 0 } as const;
    const observation = { ...seen, quietSeconds: 0, ran: true, waiting: null, verdict, hopeless: null };
    await record(api.database, jobId, { type: 'OBSERVED', observation }, { type: 'SETTLED' });
    await operator.ask(REMOVE, { id });
    const { job } = await operator.get<{ job: object }>(PLACEMENT, { id: jobId });
    expect(job).toMatchObject({ status: 'FAILED', placement: { instanceTypeName: 'small', instanceType: null } });
    const input = {
      clusterId: `cl_${name}`,
      name: 'small',
      gpuCount: 0,
      cpuMillicores: 1,
      memoryMiB: 1,
      pricePerHourCents: 1,
    };
    const create = 'mutation ($input: CreateInstanceTypeInput!) { createInstanceType(input: $input) { name } }';
    expect((await operator.ask(create, { input })).data).toEqual({ createInstanceType: { name: 'small' } });
  });

  it('that is removed is gone: it is neither changed nor removed again', async () => {
    await operator.ask(REMOVE, { id });
    expect(refusalsOf(await operator.ask(REMOVE, { id }))).toEqual(['NOT_FOUND']);
    expect(refusalsOf(await update({ pricePerHourCents: 1 }))).toEqual(['NOT_FOUND']);
  });

  it('is not changed to what it may not be', async () => {
    const input = { pricePerHourCents: -1, nodeSelector: [{ key: 'a b', value: '' }] };
    expect(refusalsOf(await update(input))).toEqual(['pricePerHourCents: INVALID', 'nodeSelector.0.key: INVALID']);
  });

  it('of a managed cluster is changed by operators, of a private one by admins of its organization', async () => {
    const admin = await api.newCaller('acme', 'ADMIN');
    const stranger = await api.newCaller('umbrella', 'OPERATOR');
    expect(refusalsOf(await update({ pricePerHourCents: 1 }, admin))).toEqual(['FORBIDDEN']);
    expect(refusalsOf(await admin.ask(REMOVE, { id }))).toEqual(['FORBIDDEN']);
    await seedOffer(api.database, `private-${name}`, operator.organizationId);
    const own = `it_private-${name}`;
    expect(refusalsOf(await update({ pricePerHourCents: 1 }, stranger, own))).toEqual(['NOT_FOUND']);
    expect(refusalsOf(await stranger.ask(REMOVE, { id: own }))).toEqual(['NOT_FOUND']);
    expect((await update({ pricePerHourCents: 1 }, admin, own)).data).toMatchObject({
      updateInstanceType: { id: own },
    });
    expect((await admin.ask(REMOVE, { id: own })).data).toEqual({ removeInstanceType: own });
  });
});
