import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { resultOf } from '../../testing/result-of.js';
import { createTestJob, life, record } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const JOB = 'status reason { code message } counts { pending cancelled } events { edges { node { type status } } }';

describe('cancelling, suspending and resuming', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const mutate = (field: string, id: string) =>
    caller.ask(`mutation ($id: ID!) { result: ${field}Job(id: $id) { ${JOB} } }`, { id });
  const statusAfter = async (field: string, id: string) => {
    const document = `mutation ($id: ID!) { result: ${field}Job(id: $id) { status } }`;
    return (await caller.get<{ result: { status: string } }>(document, { id })).result.status;
  };

  it('ends a job at once of which nothing is in a cluster', async () => {
    const id = await createTestJob(caller, { name: 'queued' });
    const { data } = await caller.ask(
      `mutation ($id: ID!) { cancelJob(id: $id, reason: "wrong data") { finishedAt ${JOB} } }`,
      { id },
    );
    expect(data).toEqual({
      cancelJob: {
        finishedAt: expect.any(String),
        status: 'CANCELLED',
        reason: { code: 'CANCELLED', message: 'Cancelled by submitter of acme: wrong data' },
        counts: { pending: 0, cancelled: 1 },
        events: {
          edges: [
            { node: { type: 'CREATED', status: 'QUEUED' } },
            { node: { type: 'CANCEL_REQUESTED', status: 'CANCELLING' } },
            { node: { type: 'FINISHED', status: 'CANCELLED' } },
          ],
        },
      },
    });
    expect(await statusAfter('cancel', id)).toBe('CANCELLED');
  });

  it('keeps a running job CANCELLING until its cluster has stopped', async () => {
    const id = await createTestJob(caller, { name: 'running' });
    await record(api.database, id, ...life.toRunning);
    expect(await statusAfter('cancel', id)).toBe('CANCELLING');
    expect(await statusAfter('cancel', id)).toBe('CANCELLING');
  });

  it.each([
    ['cancel', 'CANCELLING'],
    ['suspend', 'STARTING'],
  ])(
    'answers %s of a job that is being released only once that is in force, or never will be',
    async (field, status) => {
      const id = await createTestJob(caller, { name: field });
      const [placed, armed, released] = life.toRunning;
      await record(api.database, id, placed!, armed!);
      const answer = statusAfter(field, id);
      expect(await Promise.race([answer, sleep(1_000, 'waits')])).toBe('waits');
      await record(api.database, id, released!);
      expect(await answer).toBe(status);
    },
  );

  it('refuses a job that has finished, or whose outcome is decided', async () => {
    const id = await createTestJob(caller, { name: 'finished' });
    await record(api.database, id, ...life.toRunning, life.judged);
    expect(refusalsOf(await mutate('cancel', id))).toEqual(['JOB_FINISHED']);
    await record(api.database, id, life.settled);
    for (const field of ['cancel', 'suspend', 'resume']) {
      expect(refusalsOf(await mutate(field, id))).toEqual(['JOB_FINISHED']);
    }
  });

  it('suspends and resumes a queued job, and answers a repetition', async () => {
    const id = await createTestJob(caller, { name: 'held' });
    expect(await statusAfter('suspend', id)).toBe('SUSPENDED');
    expect(await statusAfter('suspend', id)).toBe('SUSPENDED');
    expect(await statusAfter('resume', id)).toBe('QUEUED');
    expect(await statusAfter('resume', id)).toBe('QUEUED');
  });

  it('answers a running job that is resumed, and one whose suspension is repeated, without another event', async () => {
    const id = await createTestJob(caller, { name: 'repeated' });
    await record(api.database, id, ...life.toRunning);
    expect(await statusAfter('resume', id)).toBe('RUNNING');
    const first = resultOf(await mutate('suspend', id), 'result');
    expect(first).toMatchObject({ status: 'RUNNING', reason: { code: 'SUSPEND_REQUESTED' } });
    expect(resultOf(await mutate('suspend', id), 'result')).toEqual(first);
  });

  it('refuses to suspend or resume what is being cancelled, or is', async () => {
    const id = await createTestJob(caller, { name: 'no-way-back' });
    await record(api.database, id, ...life.toRunning);
    expect(await statusAfter('cancel', id)).toBe('CANCELLING');
    const queued = await createTestJob(caller, { name: 'never-placed' });
    expect(await statusAfter('cancel', queued)).toBe('CANCELLED');
    for (const field of ['suspend', 'resume']) {
      expect(refusalsOf(await mutate(field, id))).toEqual(['JOB_FINISHED']);
      expect(refusalsOf(await mutate(field, queued))).toEqual(['JOB_FINISHED']);
    }
  });

  it.each(['a\0', '\ud800', 'x'.repeat(1001)])('refuses the reason %j, and cancels nothing', async (reason) => {
    const id = await createTestJob(caller, { name: `reason-${reason.length}-${reason.codePointAt(0)}` });
    const document = 'mutation ($id: ID!, $reason: String) { cancelJob(id: $id, reason: $reason) { id } }';
    expect(refusalsOf(await caller.ask(document, { id, reason }))).toEqual(['reason: INVALID']);
    expect(await statusAfter('resume', id)).toBe('QUEUED');
  });

  it('treats a job of another organization as one that is not there', async () => {
    const id = await createTestJob(await api.newCaller('umbrella', 'SUBMITTER'), { name: 'theirs' });
    for (const field of ['cancel', 'suspend', 'resume']) {
      const foreign = await mutate(field, id);
      const missing = await mutate(field, 'job_none');
      expect(refusalsOf(foreign)).toEqual(['NOT_FOUND']);
      expect(foreign.errors?.[0]?.message).toBe(missing.errors?.[0]?.message.replace('job_none', id));
    }
  });

  it('is refused to a viewer', async () => {
    const id = await createTestJob(caller, { name: 'watched' });
    const viewer = await api.newCaller('acme', 'VIEWER');
    const answer = await viewer.ask('mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id });
    expect(refusalsOf(answer)).toEqual(['FORBIDDEN']);
  });
});
