import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { resultOf } from '../../testing/result-of.js';
import { createTestJob, life, record } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

describe('deleteJob', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const remove = (id: string, by: TestCaller = caller) => by.ask('mutation ($id: ID!) { deleteJob(id: $id) }', { id });

  async function finishedJob(input: Record<string, unknown>): Promise<string> {
    const id = await createTestJob(caller, input);
    await record(api.database, id, ...life.toRunning, ...life.toEnd);
    return id;
  }

  it('hides a finished job at once and frees its name, though its cluster still holds its Kubernetes Job', async () => {
    const id = await finishedJob({ name: 'gone' });
    expect((await remove(id)).data).toEqual({ deleteJob: id });
    const look = 'query ($id: ID!) { job(id: $id) { id } jobByName(name: "gone") { id } jobs { totalCount } }';
    expect((await caller.ask(look, { id })).data).toMatchObject({ job: null, jobByName: null });
    expect(refusalsOf(await remove(id))).toEqual(['NOT_FOUND']);
    expect(refusalsOf(await caller.ask('mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id }))).toEqual([
      'NOT_FOUND',
    ]);
    await createTestJob(caller, { name: 'gone' });
  });

  it('makes it due for a dispatcher, whatever another is doing with it', async () => {
    const id = await finishedJob({ name: 'claimed' });
    await api.database.pool.query(
      `UPDATE jobs SET epoch = 7, lease_until = now() + interval '1 minute', due_at = NULL WHERE id = $1`,
      [id],
    );
    await remove(id);
    const { rows } = await api.database.pool.query(
      'SELECT epoch, lease_until AS lease, due_at <= now() AS due FROM jobs WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([{ epoch: 8, lease: null, due: true }]);
  });

  it('answers the request id of a deleted job with JOB_DELETED, created or run again', async () => {
    const source = await finishedJob({ name: 'source', requestId: 'made-1' });
    const rerun = (input: Record<string, unknown>) =>
      caller.ask('mutation ($id: ID!, $input: RerunJobInput!) { rerunJob(id: $id, input: $input) { id } }', {
        id: source,
        input,
      });
    const id = String(resultOf(await rerun({ name: 'again', requestId: 'again-1' }), 'rerunJob')['id']);
    await record(api.database, id, ...life.toRunning, ...life.toEnd);
    await remove(id);
    expect(refusalsOf(await rerun({ name: 'again', requestId: 'again-1' }))).toEqual(['JOB_DELETED']);
    await remove(source);
    const create = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';
    const input = { name: 'source', imageUrl: 'busybox', imageTag: '1', requestId: 'made-1' };
    expect(refusalsOf(await caller.ask(create, { input }))).toEqual(['JOB_DELETED']);
  });

  it('leaves a re-run standing whose source is deleted, without naming it', async () => {
    const source = await finishedJob({ name: 'parent', completions: 2 });
    await api.database.pool.query(`UPDATE jobs SET succeeded_indexes = '0' WHERE id = $1`, [source]);
    const answer = await caller.ask(
      'mutation ($id: ID!) { rerunJob(id: $id, input: { name: "child", onlyFailed: true }) { id } }',
      { id: source },
    );
    const id = String(resultOf(answer, 'rerunJob')['id']);
    await remove(source);
    const look = `query ($id: ID!) { job(id: $id) { rerunOf { id }
      tasks { edges { node { status inheritedFrom { id } } } } } }`;
    expect((await caller.ask(look, { id })).data).toEqual({
      job: {
        rerunOf: null,
        tasks: {
          edges: [
            { node: { status: 'SUCCEEDED', inheritedFrom: null } },
            { node: { status: 'PENDING', inheritedFrom: null } },
          ],
        },
      },
    });
  });

  it('refuses a job that has not finished, is draining, or is not theirs', async () => {
    const queued = await createTestJob(caller, { name: 'queued' });
    const draining = await createTestJob(caller, { name: 'draining' });
    await record(api.database, draining, ...life.toRunning, ...life.toEnd.slice(0, 1));
    const finished = await finishedJob({ name: 'finished' });
    const stranger = await api.newCaller('rival', 'ADMIN');
    const viewer = await api.newCaller('acme', 'VIEWER');
    expect(refusalsOf(await remove(queued))).toEqual(['JOB_NOT_FINISHED']);
    expect(refusalsOf(await remove(draining))).toEqual(['JOB_NOT_FINISHED']);
    expect(refusalsOf(await remove(finished, stranger))).toEqual(['NOT_FOUND']);
    expect(refusalsOf(await remove(finished, viewer))).toEqual(['FORBIDDEN']);
    expect((await remove(finished)).errors).toBeUndefined();
  });
});
