import { sleep } from '@ccluster/runtime';
import { readTestEnvironment, startTcpFaultProxy } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../testing/collect.js';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob, life, record } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const EVENTS = `subscription ($jobId: ID!, $after: String) { jobEvents(jobId: $jobId, after: $after) {
  cursor type status message job { status } pod { id } } }`;

interface Event {
  readonly cursor: string;
  readonly type: string;
  readonly status: string;
  readonly job: { readonly status: string };
}

interface Edges {
  readonly edges: { readonly cursor: string }[];
}

const TYPES = ['CREATED', 'PLACED', 'DISPATCHED', 'STATUS_CHANGED', 'STATUS_CHANGED', 'FINISHED'];

async function* eventsOf(caller: TestCaller, jobId: string, after?: string): AsyncGenerator<Event> {
  for await (const { data } of caller.listen(EVENTS, { jobId, after })) yield data?.['jobEvents'] as Event;
}

describe('subscriptions to the events of a job', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  const cursorOf = async (id: string) => {
    const document = 'query ($id: ID!) { job(id: $id) { eventCursor } }';
    return (await caller.get<{ job: { eventCursor: string } }>(document, { id })).job.eventCursor;
  };

  it('begin with how it stands, go on with what follows and complete after FINISHED', async () => {
    const id = await createTestJob(caller, { name: 'followed' });
    const seen: Event[] = [];
    for await (const event of eventsOf(caller, id)) {
      seen.push(event);
      if (event.type === 'SNAPSHOT') await record(api.database, id, ...life.toRunning);
      if (event.status === 'RUNNING') await record(api.database, id, ...life.toEnd);
    }
    expect(seen.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'SNAPSHOT QUEUED',
      'PLACED QUEUED',
      'DISPATCHED STARTING',
      'STATUS_CHANGED RUNNING',
      'STATUS_CHANGED FINISHING',
      'FINISHED SUCCEEDED',
    ]);
    expect(seen.at(-1)?.job.status).toBe('SUCCEEDED');
  });

  it('are woken by what happens, long before they would look again', async () => {
    const id = await createTestJob(caller, { name: 'woken' });
    let cancelledAtMs = 0;
    for await (const { type } of eventsOf(caller, id)) {
      if (type !== 'SNAPSHOT') continue;
      await sleep(200);
      cancelledAtMs = performance.now();
      await caller.get('mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id });
    }
    expect(performance.now() - cancelledAtMs).toBeLessThan(1_000);
  });

  it('resume after any cursor, with each event once', async () => {
    const id = await createTestJob(caller, { name: 'resumed' });
    const created = await cursorOf(id);
    await record(api.database, id, ...life.toRunning, ...life.toEnd);
    const { job } = await caller.get<{ job: { events: Edges } }>(
      'query ($id: ID!) { job(id: $id) { events { edges { cursor } } } }',
      { id },
    );
    const { edges } = job.events;
    expect(edges[0]?.cursor).toBe(created);
    for (const [i, { cursor }] of edges.entries()) {
      const following = await collect(eventsOf(caller, id, cursor));
      expect(following.map(({ type }) => type)).toEqual(TYPES.slice(i + 1));
    }
  });

  it('complete at once for a job that has finished', async () => {
    const id = await createTestJob(caller, { name: 'over' });
    await record(api.database, id, ...life.toRunning, ...life.toEnd);
    expect((await collect(eventsOf(caller, id))).map(({ type }) => type)).toEqual(['SNAPSHOT']);
  });

  it('refuse a job of another organization and cursors that are not of the job', async () => {
    const id = await createTestJob(caller, { name: 'guarded' });
    const stranger = await api.newCaller('umbrella', 'OPERATOR');
    const other = await cursorOf(await createTestJob(caller, { name: 'another' }));
    const refusal = async (listener: TestCaller, after?: string) =>
      (await collect(listener.listen(EVENTS, { jobId: id, after }))).flatMap(refusalsOf);
    expect(await refusal(stranger)).toEqual(['NOT_FOUND']);
    expect(await refusal(caller, other)).toEqual(['CURSOR_INVALID']);
    expect(await refusal(caller, 'nonsense')).toEqual(['CURSOR_INVALID']);
  });

  it('end as the key is revoked', async () => {
    const id = await createTestJob(caller, { name: 'revoked' });
    const revoked = await api.newCaller('acme', 'VIEWER');
    const ended: string[] = [];
    const listening = (async () => {
      for await (const answer of revoked.listen(EVENTS, { jobId: id })) {
        ended.push(...refusalsOf(answer));
        await api.database.pool.query(`update api_keys set revoked_at = now() where name = 'viewer of acme'`);
      }
    })();
    // The socket closes as well, and may be first.
    const end = await listening.catch((error: unknown) => error);
    expect(end).toSatisfy((each) =>
      Array.isArray(each) ? each[0]?.extensions?.code === 'UNAUTHENTICATED' : (each as CloseEvent).code === 4403,
    );
    expect(ended).toEqual([]);
  });

  it('end as the job is deleted', async () => {
    const id = await createTestJob(caller, { name: 'deleted' });
    const seen: string[] = [];
    const listening = (async () => {
      for await (const { type } of eventsOf(caller, id)) {
        seen.push(type);
        await api.database.pool.query('update jobs set deleted_at = now() where id = $1', [id]);
      }
    })();
    await expect(listening).rejects.toMatchObject([{ extensions: { code: 'JOB_DELETED' } }]);
    expect(seen).toEqual(['SNAPSHOT']);
  });
});

it('delivers events while Redis is away', async () => {
  const { hostname, port } = new URL(readTestEnvironment().redisUrl);
  const proxy = await startTcpFaultProxy({ target: { host: hostname, port: Number(port) } });
  const api = await startTestApi({ redisUrl: `redis://${proxy.host}:${proxy.port}` });
  try {
    const caller = await api.newCaller('acme', 'SUBMITTER');
    const id = await createTestJob(caller, { name: 'alone' });
    const types: string[] = [];
    for await (const { type } of eventsOf(caller, id)) {
      types.push(type);
      if (type !== 'SNAPSHOT') continue;
      proxy.mode = 'refuse';
      proxy.resetAll();
      await record(api.database, id, ...life.toRunning, ...life.toEnd);
    }
    expect(types).toEqual(['SNAPSHOT', ...TYPES.slice(1)]);
  } finally {
    await api.stop();
    await proxy.close();
  }
});
