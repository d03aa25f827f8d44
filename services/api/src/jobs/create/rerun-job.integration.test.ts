import { findSealedJobSecrets } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { resultOf } from '../../testing/result-of.js';
import { createTestJob, life, record } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const RERUN = `mutation ($id: ID!, $input: RerunJobInput!) { rerunJob(id: $id, input: $input) {
  id name status imageUrl argv completions hasImagePullSecret env { name value secret } warnings { code }
  requestedPlacement { regions } rerunOf { name } counts { pending succeeded } createdBy } }`;
const TASKS = `query ($id: ID!) { job(id: $id) { tasks {
  edges { node { index status reason { code } attempts { id } inheritedFrom { name } } } } } }`;

describe('rerunJob', () => {
  let api: TestApi;
  let caller: TestCaller;
  let finishedId: string;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    finishedId = await finishedJob('finished', '1,3', {
      completions: 5,
      command: '/bin/sh -c "echo $0" zero',
      env: [{ name: 'TOKEN', value: 'canary-9d2b' }],
      imagePullSecret: { username: 'me', password: 'canary-77f1' },
    });
  });

  afterAll(() => api.stop());

  const rerun = (id: string, input: Record<string, unknown>, by: TestCaller = caller) => by.ask(RERUN, { id, input });

  /** @param succeeded the indexes that Kubernetes counted, in its text form */
  async function end(jobId: string, succeeded: string): Promise<void> {
    await record(api.database, jobId, ...life.toRunning);
    await api.database.pool.query('UPDATE jobs SET succeeded_indexes = $2 WHERE id = $1', [jobId, succeeded]);
    await record(api.database, jobId, ...life.toEnd);
  }

  async function finishedJob(name: string, succeeded: string, input: Record<string, unknown> = {}): Promise<string> {
    const id = await createTestJob(caller, { name, ...input });
    await end(id, succeeded);
    return id;
  }

  async function rerunId(id: string, input: Record<string, unknown>): Promise<string> {
    return String(resultOf(await rerun(id, input), 'rerunJob')['id']);
  }

  async function tasksOf(id: string): Promise<string[]> {
    const { tasks } = resultOf(await caller.ask(TASKS, { id }), 'job') as {
      tasks: { edges: { node: Record<string, unknown> }[] };
    };
    return tasks.edges.map(({ node }) => {
      const origin = (node['inheritedFrom'] as { name: string } | null)?.name ?? 'none';
      expect([node['reason'], node['attempts']]).toEqual([null, []]);
      return `${String(node['index'])} ${String(node['status'])} ${origin}`;
    });
  }

  it('makes a new job of all tasks with the same inputs', async () => {
    const { data } = await rerun(finishedId, { name: 'whole' });
    expect(data?.['rerunJob']).toEqual({
      id: expect.stringMatching(/^job_/),
      name: 'whole',
      status: 'QUEUED',
      imageUrl: 'busybox',
      argv: ['/bin/sh', '-c', 'echo $0', 'zero'],
      completions: 5,
      hasImagePullSecret: true,
      env: [{ name: 'TOKEN', value: null, secret: true }],
      warnings: [expect.anything()],
      requestedPlacement: { regions: null },
      rerunOf: { name: 'finished' },
      counts: { pending: 5, succeeded: 0 },
      createdBy: 'submitter of acme',
    });
  });

  it('seals the secrets again, for the new job only', async () => {
    const id = await rerunId(finishedId, { name: 'secrets' });
    const sealed = await findSealedJobSecrets(api.database.db, id);
    const opened = api.sealer.open(sealed ?? Buffer.alloc(0), `job_secrets:${id}`).reveal();
    expect(JSON.parse(opened)).toEqual({
      imagePull: { username: 'me', password: 'canary-77f1' },
      env: { TOKEN: 'canary-9d2b' },
    });
  });

  it('runs only what failed under the same indexes, and names where the others succeeded, over any number of re-runs', async () => {
    const second = await rerunId(finishedId, { name: 'second', onlyFailed: true });
    const inheriting = ['0 PENDING none', '1 SUCCEEDED finished', '2 PENDING none', '3 SUCCEEDED finished'];
    expect(await tasksOf(second)).toEqual([...inheriting, '4 PENDING none']);
    await end(second, '1,3,4');
    const third = await rerunId(second, { name: 'third', onlyFailed: true });
    expect(await tasksOf(third)).toEqual([...inheriting, '4 SUCCEEDED second']);
    const counts = 'query ($id: ID!) { job(id: $id) { counts { pending succeeded } rerunOf { name } } }';
    const { data } = await caller.ask(counts, { id: third });
    expect(data?.['job']).toEqual({ counts: { pending: 2, succeeded: 3 }, rerunOf: { name: 'second' } });
  });

  it('answers a repeated request id with the same job, many at once too', async () => {
    const input = { name: 'repeated', requestId: 'rerun-1', onlyFailed: true };
    const answers = await Promise.all(Array.from({ length: 5 }, () => rerun(finishedId, input)));
    const ids = new Set(answers.map((answer) => resultOf(answer, 'rerunJob')['id']));
    expect(ids.size).toBe(1);
  });

  it('answers a repeated request id although its source is deleted since', async () => {
    const source = await finishedJob('short-lived', '');
    const input = { name: 'outlives', requestId: 'rerun-3' };
    const id = await rerunId(source, input);
    await caller.get('mutation ($id: ID!) { deleteJob(id: $id) }', { id: source });
    expect(await rerunId(source, input)).toBe(id);
    expect(refusalsOf(await rerun(source, { ...input, requestId: 'rerun-4' }))).toEqual(['NOT_FOUND']);
  });

  it('refuses a request id that was used for anything else', async () => {
    const other = await finishedJob('other-source', '');
    const requestId = 'rerun-2';
    await rerunId(finishedId, { name: 'conflict', requestId });
    for (const [id, input] of [
      [finishedId, { name: 'conflict', requestId, onlyFailed: true }],
      [finishedId, { name: 'conflict-b', requestId }],
      [finishedId, { name: 'conflict', requestId, placement: {} }],
      [other, { name: 'conflict', requestId }],
    ] as const) {
      expect(refusalsOf(await rerun(id, input))).toEqual(['REQUEST_ID_CONFLICT']);
    }
    const create = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';
    const input = { name: 'conflict', imageUrl: 'busybox', imageTag: '1', requestId };
    expect(refusalsOf(await caller.ask(create, { input }))).toEqual(['REQUEST_ID_CONFLICT']);
  });

  it('refuses all that is wrong with the input at once', async () => {
    expect(refusalsOf(await rerun(finishedId, { name: 'finished', placement: { minGpuCount: -1 } }))).toEqual([
      'placement.minGpuCount: INVALID',
      'name: JOB_NAME_TAKEN',
    ]);
    const placement = { clusterId: 'cl_none', minGpuCount: -1 };
    expect(refusalsOf(await rerun(finishedId, { name: 'Bad', placement }))).toEqual([
      'name: INVALID',
      'placement.minGpuCount: INVALID',
      'placement.clusterId: INVALID',
    ]);
  });

  it('checks the placement that was asked for before as things are now', async () => {
    const id = await finishedJob('placed-before', '');
    const spec = `jsonb_set(spec, '{requestedPlacement,clusterId}', '"cl_removed"')`;
    await api.database.pool.query(`UPDATE jobs SET spec = ${spec} WHERE id = $1`, [id]);
    expect(refusalsOf(await rerun(id, { name: 'placed-again' }))).toEqual(['placement.clusterId: INVALID']);
    expect((await rerun(id, { name: 'placed-elsewhere', placement: {} })).errors).toBeUndefined();
  });

  it('refuses what cannot be run again', async () => {
    const running = await createTestJob(caller, { name: 'still-running' });
    const complete = await finishedJob('complete', '0');
    const stranger = await api.newCaller('rival', 'SUBMITTER');
    const viewer = await api.newCaller('acme', 'VIEWER');
    expect(refusalsOf(await rerun(running, { name: 'a' }))).toEqual(['JOB_NOT_FINISHED']);
    expect(refusalsOf(await rerun(complete, { name: 'b', onlyFailed: true }))).toEqual(['NOTHING_TO_RERUN']);
    expect(refusalsOf(await rerun(finishedId, { name: 'c' }, stranger))).toEqual(['NOT_FOUND']);
    expect(refusalsOf(await rerun(finishedId, { name: 'd' }, viewer))).toEqual(['FORBIDDEN']);
    expect(api.logged()).not.toContain('canary');
  });
});
