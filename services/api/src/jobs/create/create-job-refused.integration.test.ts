import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { askForJob } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const CANARY = 'canary-5e2f0c7d9b1a4e63';

describe('a refusal of createJob', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const create = (input: Record<string, unknown>) => askForJob(caller, input);
  const countJobs = async () => (await caller.ask('{ jobs { totalCount } }')).data;

  it('names all issues at once, those of what is stored too, and stores nothing', async () => {
    await create({ name: 'taken' });
    const before = await countJobs();
    const answer = await create({
      requestId: 'never-stored',
      name: 'taken',
      imageTag: ' ',
      completions: 0,
      command: `echo "$HOME"`,
      imagePullSecret: { username: '', password: CANARY },
      env: [
        { name: 'JOB_COMPLETIONS', value: CANARY },
        { name: '1A', value: CANARY },
      ],
      placement: { clusterId: 'cl_none', instanceTypeId: 'it_none' },
    });
    expect(answer.data).toBeNull();
    expect(answer.errors).toHaveLength(1);
    expect(refusalsOf(answer).toSorted()).toEqual([
      'command: INVALID',
      'completions: INVALID',
      'env.0.name: RESERVED_NAME',
      'env.1.name: INVALID',
      'imagePullSecret.username: INVALID',
      'imageTag: INVALID',
      'name: JOB_NAME_TAKEN',
      'placement.clusterId: INVALID',
      'placement.instanceTypeId: INVALID',
    ]);
    expect(JSON.stringify(answer)).not.toContain(CANARY);
    expect(await countJobs()).toEqual(before);
    expect(refusalsOf(await create({ requestId: 'never-stored', name: 'stored-now' }))).toEqual([]);
  });

  it('tells what is wrong with a placement as things are stored, beside what is wrong in itself', async () => {
    const placement = { clusterId: 'cl_none', minGpuCount: -1 };
    expect(refusalsOf(await create({ name: 'lost', placement }))).toEqual([
      'placement.minGpuCount: INVALID',
      'placement.clusterId: INVALID',
    ]);
  });

  it('refuses what no registered offer could ever meet, and takes a job without wishes', async () => {
    expect(refusalsOf(await create({ name: 'no-offer', placement: { gpuTypes: ['H100'] } }))).toEqual([
      'placement: NO_MATCHING_OFFER',
    ]);
    expect(refusalsOf(await create({ name: 'no-wishes', placement: { gpuTypes: [] } }))).toEqual([]);
  });
});
