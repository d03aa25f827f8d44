import { instanceTypes } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { resultOf } from '../testing/result-of.js';
import { seedOffer } from '../testing/seed-cluster.js';
import { createTestJob } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const CREATE = 'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { id name maxGpus } }';
const UPDATE =
  'mutation ($id: ID!, $input: UpdateOrganizationInput!) { updateOrganization(id: $id, input: $input) { id name maxGpus } }';

describe('organizations', () => {
  let api: TestApi;
  let operator: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    operator = await api.newCaller('acme', 'OPERATOR');
  });

  afterAll(() => api.stop());

  const create = (input: object) => operator.ask(CREATE, { input });
  const update = (id: string, input: object) => operator.ask(UPDATE, { id, input });

  it('are created, and all seen by an operator', async () => {
    const created = resultOf(await create({ name: 'Umbrella, Inc.', maxGpus: 8 }), 'createOrganization');
    expect(created).toEqual({ id: expect.stringMatching(/^org_/), name: 'Umbrella, Inc.', maxGpus: 8 });
    expect((await operator.ask('{ organizations { name maxGpus } }')).data).toEqual({
      organizations: [
        { name: 'acme', maxGpus: null },
        { name: 'Umbrella, Inc.', maxGpus: 8 },
      ],
    });
  });

  it('have a name of their own, also where two are created at once', async () => {
    expect(refusalsOf(await create({ name: 'acme' }))).toEqual(['name: INVALID']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ name: 'twins' })));
    expect(answers.flatMap(refusalsOf)).toEqual(Array<string>(7).fill('name: INVALID'));
  });

  it('are refused with everything that is wrong with them, and not stored', async () => {
    const { errors } = await create({ name: ' ', maxGpus: -1 });
    expect(refusalsOf({ errors: errors! })).toEqual(['name: INVALID', 'maxGpus: INVALID']);
    const { organizations } = await operator.get<{ organizations: { name: string }[] }>('{ organizations { name } }');
    expect(organizations.map(({ name }) => name)).not.toContain(' ');
  });

  it('have their limit set and removed; what is not given stays', async () => {
    const { id } = resultOf(await create({ name: 'limited' }), 'createOrganization') as { id: string };
    for (const [input, maxGpus] of [
      [{ maxGpus: 4 }, 4],
      [{}, 4],
      [{ maxGpus: 0 }, 0],
      [{ maxGpus: null }, null],
    ] as const) {
      expect(resultOf(await update(id, input), 'updateOrganization')).toEqual({ id, name: 'limited', maxGpus });
    }
    expect(refusalsOf(await update(id, { maxGpus: -1 }))).toEqual(['maxGpus: INVALID']);
    expect(refusalsOf(await update('org_none', { maxGpus: 1 }))).toEqual(['NOT_FOUND']);
  });

  it('let jobs go at once, oldest first, that a higher limit allows', async () => {
    const submitter = await api.newCaller('waiting', 'SUBMITTER');
    const id = submitter.organizationId;
    await seedOffer(api.database, 'here', id);
    await api.database.db.update(instanceTypes).set({ gpuType: 'H100', gpuCount: 1, room: 10, roomWhenEmpty: 10 });
    await update(id, { maxGpus: 0 });
    const jobIds: string[] = [];
    for (const name of ['first', 'second', 'third']) jobIds.push(await createTestJob(submitter, { name }));
    const later = () => api.database.pool.query(`update jobs set due_at = now() + interval '1 hour'`);
    const due = async () => {
      const { rows } = await api.database.pool.query<{ id: string }>(
        'select id from jobs where due_at <= now() order by created_at',
      );
      return rows.map((row) => row.id);
    };
    await later();
    await update(id, { maxGpus: 2 });
    // In its turn the older one goes first.
    expect(await due()).toEqual([jobIds[1]]);
    await later();
    await update(id, { maxGpus: 1 });
    expect(await due()).toEqual([]);
    await update(id, { maxGpus: null });
    expect(await due()).toEqual([jobIds[2]]);
  });
});
