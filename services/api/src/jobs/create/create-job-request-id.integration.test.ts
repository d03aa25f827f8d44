import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { seedOffer } from '../../testing/seed-cluster.js';
import { askForJob, createTestJob } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const CANARY = 'canary-5e2f0c7d9b1a4e63';

describe('createJob with a requestId', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const create = (input: Record<string, unknown>) => askForJob(caller, input);

  it('makes one job of any number of calls at once', async () => {
    const input = { name: 'repeated', requestId: 'repeat', env: [{ name: 'TOKEN', value: CANARY }] };
    const colleague = await api.newCaller('acme', 'SUBMITTER');
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, i) => createTestJob(i % 2 === 0 ? caller : colleague, input)),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('lets one of many with other input each have it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => create({ name: `rival-${i}`, requestId: 'rivals' })),
    );
    expect(answers.flatMap(refusalsOf)).toEqual(Array.from({ length: 19 }, () => 'REQUEST_ID_CONFLICT'));
  });

  it('answers its job although the input would be refused by now', async () => {
    await seedOffer(api.database, 'east', null);
    const input = { name: 'east-only', requestId: 'before', placement: { clusterId: 'cl_east' } };
    const id = await createTestJob(caller, input);
    await api.database.pool.query(`update clusters set draining = true where id = 'cl_east'`);
    expect(refusalsOf(await create({ ...input, requestId: 'after' }))).toEqual([
      'name: JOB_NAME_TAKEN',
      'placement.clusterId: INVALID',
    ]);
    expect(await createTestJob(caller, input)).toBe(id);
  });

  it('counts defaults that are written out as the same input', async () => {
    const id = await createTestJob(caller, { name: 'written-out', requestId: 'defaults' });
    const defaults = { completions: 1, env: [], command: null, placement: { regions: [] } };
    expect(await createTestJob(caller, { name: 'written-out', requestId: 'defaults', ...defaults })).toBe(id);
  });

  it.each([
    ['another value', { env: [{ name: 'TOKEN', value: 'other' }] }],
    ['another name', { name: 'other' }],
    ['what is refused', { completions: 0 }],
  ])('refuses %s', async (_, difference) => {
    const input = { name: 'first-use', requestId: 'conflict', env: [{ name: 'TOKEN', value: 'one' }] };
    await create(input);
    const answer = await create({ ...input, ...difference });
    expect(refusalsOf(answer)).toEqual(['REQUEST_ID_CONFLICT']);
  });

  it('is apart from that of another organization', async () => {
    const id = await createTestJob(caller, { name: 'mine', requestId: 'shared' });
    const other = await api.newCaller('umbrella', 'SUBMITTER');
    expect(await createTestJob(other, { name: 'mine', requestId: 'shared' })).not.toBe(id);
  });

  it('says so where its job is deleted since', async () => {
    const id = await createTestJob(caller, { name: 'deleted', requestId: 'deleted' });
    await api.database.pool.query('update jobs set deleted_at = now() where id = $1', [id]);
    expect(refusalsOf(await create({ name: 'deleted', requestId: 'deleted' }))).toEqual(['JOB_DELETED']);
  });

  it('is refused where it is none, even if it looks like one that was used', async () => {
    await create({ name: 'replaced', requestId: '\ufffd' });
    expect(refusalsOf(await create({ name: 'half', requestId: '\ud800' }))).toEqual(['requestId: INVALID']);
    expect(refusalsOf(await create({ name: 'empty', requestId: '' }))).toEqual(['requestId: INVALID']);
  });

  it('is free again after seven days', async () => {
    await create({ name: 'last-week', requestId: 'weekly' });
    await api.database.pool.query(
      `update idempotency_keys set created_at = now() - interval '8 days' where request_id = 'weekly'`,
    );
    expect(refusalsOf(await create({ name: 'this-week', requestId: 'weekly' }))).toEqual([]);
  });
});
