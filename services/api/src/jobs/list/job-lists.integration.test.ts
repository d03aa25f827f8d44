import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_INFO, type TestConnection } from '../../testing/connection.js';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob, life, record, seedPod } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

describe('a job', () => {
  let id: string;
  let podIds: string[];
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    id = await createTestJob(caller, { name: 'listed', completions: 5 });
    await record(api.database, id, ...life.toRunning);
    const failed = { code: 'ERROR', message: 'Exit code 3', since: '2026-01-01T00:00:00.000Z' };
    podIds = [
      await seedPod(api.database, id, {
        index: 1,
        status: 'FAILED',
        exitCode: 3,
        reason: failed,
        createdAt: new Date(1),
      }),
      await seedPod(api.database, id, { index: 0, status: 'SUCCEEDED', createdAt: new Date(2) }),
      await seedPod(api.database, id, { index: 1, attempt: 2, createdAt: new Date(3) }),
    ];
    await api.database.pool.query(
      `update jobs set succeeded_indexes = '0', running_indexes = '1', succeeded_count = 1, running_count = 1,
        pending_count = 3 where id = $1`,
      [id],
    );
  });

  afterAll(() => api.stop());

  const ask = async (selection: string) => {
    const { job } = await caller.get<{ job: Record<string, TestConnection<Record<string, unknown>>> }>(
      `query ($id: ID!) { job(id: $id) { ${selection} } }`,
      { id },
    );
    return job;
  };

  it('gives its tasks with their attempts and reasons', async () => {
    const { tasks } = await ask(
      'tasks(first: 3) { totalCount edges { node { index status reason { code } attempts { attempt status exitCode } } } pageInfo { hasNextPage } }',
    );
    expect(tasks).toEqual({
      totalCount: 5,
      pageInfo: { hasNextPage: true },
      edges: [
        {
          node: {
            index: 0,
            status: 'SUCCEEDED',
            reason: null,
            attempts: [{ attempt: 1, status: 'SUCCEEDED', exitCode: null }],
          },
        },
        {
          node: {
            index: 1,
            status: 'RUNNING',
            reason: null,
            attempts: [
              { attempt: 1, status: 'FAILED', exitCode: 3 },
              { attempt: 2, status: 'RUNNING', exitCode: null },
            ],
          },
        },
        { node: { index: 2, status: 'PENDING', reason: null, attempts: [] } },
      ],
    });
  });

  it('gives its pods, of one task or of all, oldest first', async () => {
    const all = await ask(
      'pods(first: 2) { totalCount edges { node { id index attempt reason { code } } } pageInfo { hasNextPage } }',
    );
    expect(all['pods']).toEqual({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      edges: [
        { node: { id: podIds[0], index: 1, attempt: 1, reason: { code: 'ERROR' } } },
        { node: { id: podIds[1], index: 0, attempt: 1, reason: null } },
      ],
    });
    const ofOne = await ask('pods(index: 1) { totalCount edges { node { id } } }');
    expect(ofOne['pods']).toEqual({
      totalCount: 2,
      edges: [{ node: { id: podIds[0] } }, { node: { id: podIds[2] } }],
    });
  });

  it('gives its events in order, with their pods', async () => {
    const { events } = await ask(
      `events(first: 3) { edges { node { type podStatus pod { id } job { name } } } ${PAGE_INFO} }`,
    );
    expect(events?.edges.map(({ node }) => node['type'])).toEqual(['CREATED', 'PLACED', 'DISPATCHED']);
    expect(events?.edges[0]?.node).toMatchObject({ podStatus: null, pod: null, job: { name: 'listed' } });
    expect(events?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it('refuses a cursor before events that are no longer kept', async () => {
    const old = await createTestJob(caller, { name: 'old-events' });
    await record(api.database, old, ...life.toRunning);
    const query = 'query ($id: ID!, $after: String) { job(id: $id) { events(after: $after) { edges { cursor } } } }';
    const { job } = await caller.get<{ job: { events: TestConnection<unknown> } }>(query, { id: old });
    const cursors = job.events.edges.map(({ cursor }) => cursor);
    await api.database.pool.query('delete from job_events where job_id = $1 and sequence < 3', [old]);
    const refusals = await Promise.all(
      cursors.slice(0, 3).map(async (after) => refusalsOf(await caller.ask(query, { id: old, after }))),
    );
    expect(refusals).toEqual([['CURSOR_EXPIRED'], [], []]);
    const subscription = 'subscription ($id: ID!, $after: String) { jobEvents(jobId: $id, after: $after) { type } }';
    const stream = caller.listen(subscription, { id: old, after: cursors[0] });
    await expect(stream.next()).rejects.toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }]);
  });
});
