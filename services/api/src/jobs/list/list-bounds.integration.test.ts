import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob, life, record, seedLog, seedPod } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const LISTS = ['tasks', 'pods', 'events', 'logs'] as const;

describe('the lists of a job', () => {
  let api: TestApi;
  let caller: TestCaller;
  let id: string;
  let otherId: string;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    id = await newJob('one');
    otherId = await newJob('other');
  });

  afterAll(() => api.stop());

  /** One with two of everything. */
  async function newJob(name: string): Promise<string> {
    const jobId = await createTestJob(caller, { name, completions: 2 });
    await record(api.database, jobId, ...life.toRunning);
    for (const index of [0, 1]) {
      const podId = await seedPod(api.database, jobId, { index });
      await seedLog(api.database, { jobId, podId }, 1, ['line']);
    }
    return jobId;
  }

  const ask = (list: string, args: string, jobId = id) =>
    caller.ask(`query ($id: ID!) { job(id: $id) { list: ${list}(${args}) { edges { cursor } } } }`, { id: jobId });
  const cursorsOf = async (list: string, args: string, jobId = id) => {
    const { data } = await ask(list, args, jobId);
    const { job } = data as { job: { list: { edges: { cursor: string }[] } } };
    return job.list.edges.map(({ cursor }) => cursor);
  };

  it.each(LISTS.map((list) => [list, list === 'logs' ? 5000 : 100] as const))(
    'have pages of at most so many: %s %i',
    async (list, max) => {
      expect(await cursorsOf(list, 'first: 0')).toEqual([]);
      expect((await cursorsOf(list, `first: ${max}`)).length).toBeGreaterThanOrEqual(2);
      for (const size of [-2_147_483_648, -1, max + 1]) {
        expect(refusalsOf(await ask(list, `first: ${size}`))).toEqual(['first: INVALID']);
      }
    },
  );

  it.each(LISTS)('go on after a cursor of their own, and of no other list or job: %s', async (list) => {
    const [first, second] = await cursorsOf(list, 'first: 2');
    expect(await cursorsOf(list, `first: 1, after: "${first}"`)).toEqual([second]);
    const others = LISTS.filter((other) => other !== list).map((other) => cursorsOf(other, 'first: 1'));
    const wrong = [...(await Promise.all(others)).flat(), ...(await cursorsOf(list, 'first: 1', otherId))];
    for (const cursor of wrong) {
      expect(refusalsOf(await ask(list, `after: "${cursor}"`))).toEqual(['CURSOR_INVALID']);
    }
    expect(wrong).toHaveLength(LISTS.length);
  });
});

it('the list of jobs, and what follows of it, take no cursor of another organization', async () => {
  const api = await startTestApi();
  const [caller, stranger] = [await api.newCaller('acme', 'SUBMITTER'), await api.newCaller('umbrella', 'SUBMITTER')];
  const page = '{ jobs(first: 1) { updatesCursor edges { cursor } } }';
  await createTestJob(caller, { name: 'listed' });
  const { jobs } = await caller.get<{ jobs: { updatesCursor: string; edges: { cursor: string }[] } }>(page);
  const after = jobs.edges[0]?.cursor;
  const list = 'query ($after: String) { jobs(after: $after) { edges { cursor } } }';
  expect(refusalsOf(await caller.ask(list, { after }))).toEqual([]);
  expect(refusalsOf(await stranger.ask(list, { after }))).toEqual(['CURSOR_INVALID']);
  const updates = 'subscription ($after: String) { jobUpdates(after: $after) { jobId } }';
  expect(refusalsOf(await stranger.first(updates, { after: jobs.updatesCursor }, 5_000))).toEqual(['CURSOR_INVALID']);
  await api.stop();
});
