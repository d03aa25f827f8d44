import { sleep } from '@ccluster/runtime';
import { readTestEnvironment, startTcpFaultProxy } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../testing/collect.js';
import { refusalsOf } from '../testing/issues.js';
import { createTestJob, life, record, seedLog, seedPod } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const EVENTS = `subscription ($jobId: ID!, $after: String) { jobEvents(jobId: $jobId, after: $after) {
  cursor type status message job { status } pod { id } } }`;
const LOGS = `subscription ($jobId: ID!, $after: String, $index: Int, $podId: ID) {
  jobLogs(jobId: $jobId, after: $after, index: $index, podId: $podId) { cursor lines { attempt number text gapBefore { code } } } }`;

interface Event {
  readonly cursor: string;
  readonly type: string;
  readonly status: string;
  readonly job: { readonly status: string };
}

interface Batch {
  readonly cursor: string;
  readonly lines: { readonly number: number; readonly text: string }[];
}

interface Edges {
  readonly edges: { readonly cursor: string }[];
}

const TYPES = ['CREATED', 'PLACED', 'DISPATCHED', 'STATUS_CHANGED', 'STATUS_CHANGED', 'FINISHED'];

async function* eventsOf(caller: TestCaller, jobId: string, after?: string): AsyncGenerator<Event> {
  for await (const { data } of caller.listen(EVENTS, { jobId, after })) yield data?.['jobEvents'] as Event;
}

async function* batchesOf(
  caller: TestCaller,
  jobId: string,
  rest: Record<string, unknown> = {},
): AsyncGenerator<Batch> {
  for await (const { data } of caller.listen(LOGS, { jobId, ...rest })) yield data?.['jobLogs'] as Batch;
}

async function textsOf(batches: AsyncIterable<Batch>): Promise<string[]> {
  return (await collect(batches)).flatMap(({ lines }) => lines.map(({ text }) => text));
}

describe('subscriptions', () => {
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

  describe('to the events of a job', () => {
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
      await expect(listening).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      expect(ended).toEqual([]);
    });
  });

  describe('to the log of a job', () => {
    it('begin with the first line, go on as lines are stored and complete with the log', async () => {
      const jobId = await createTestJob(caller, { name: 'logged' });
      await record(api.database, jobId, ...life.toRunning);
      const podId = await seedPod(api.database, jobId);
      await seedLog(api.database, { jobId, podId }, 1, ['one', 'two']);
      const texts: string[] = [];
      for await (const { lines } of batchesOf(caller, jobId)) {
        texts.push(...lines.map(({ text }) => text));
        if (texts.length === 2) await seedLog(api.database, { jobId, podId }, 3, ['three']);
        if (texts.length === 3) {
          await record(api.database, jobId, ...life.toEnd);
          await seedLog(api.database, { jobId, podId }, 4, ['four']);
          await api.database.pool.query('update pods set log_complete = true where id = $1', [podId]);
        }
      }
      expect(texts).toEqual(['one', 'two', 'three', 'four']);
    });

    it('give batches of at most 500 lines and resume after the cursor of any of them', async () => {
      const jobId = await createTestJob(caller, { name: 'long-log' });
      await record(api.database, jobId, ...life.toRunning, ...life.toEnd);
      const all = Array.from({ length: 1200 }, (_, i) => `line ${i + 1}`);
      const podId = await seedPod(api.database, jobId, { logComplete: true });
      for (let i = 0; i < 12; i += 1) {
        await seedLog(api.database, { jobId, podId }, i * 100 + 1, all.slice(i * 100, i * 100 + 100));
      }
      const batches = await collect(batchesOf(caller, jobId));
      expect(Math.max(...batches.map(({ lines }) => lines.length))).toBe(500);
      expect(await textsOf(batchesOf(caller, jobId))).toEqual(all);
      for (const { cursor, lines } of batches) {
        const newest = lines.at(-1)?.number ?? 0;
        expect(await textsOf(batchesOf(caller, jobId, { after: cursor }))).toEqual(all.slice(newest));
      }
    });

    it('take the cursor of a line in the middle of what is stored', async () => {
      const jobId = await createTestJob(caller, { name: 'middle' });
      await record(api.database, jobId, ...life.toRunning, ...life.toEnd);
      const podId = await seedPod(api.database, jobId, { logComplete: true });
      await seedLog(api.database, { jobId, podId }, 1, ['a', 'b', 'c']);
      const { job } = await caller.get<{ job: { logs: Edges } }>(
        'query ($id: ID!) { job(id: $id) { logs { edges { cursor } } } }',
        { id: jobId },
      );
      const { edges } = job.logs;
      expect(await textsOf(batchesOf(caller, jobId, { after: edges[1]?.cursor }))).toEqual(['c']);
    });

    it('give one task or one attempt, and refuse a pod of another job', async () => {
      const jobId = await createTestJob(caller, { name: 'scoped', completions: 2 });
      await record(api.database, jobId, ...life.toRunning, ...life.toEnd);
      const first = await seedPod(api.database, jobId, { logComplete: true });
      const second = await seedPod(api.database, jobId, { index: 1, logComplete: true });
      await seedLog(api.database, { jobId, podId: first }, 1, ['first']);
      await seedLog(api.database, { jobId, podId: second }, 1, ['second']);
      expect(await textsOf(batchesOf(caller, jobId, { index: 1 }))).toEqual(['second']);
      expect(await textsOf(batchesOf(caller, jobId, { podId: first }))).toEqual(['first']);
      const other = await createTestJob(caller, { name: 'unrelated' });
      const refused = await collect(caller.listen(LOGS, { jobId: other, podId: first }));
      expect(refused.flatMap(refusalsOf)).toEqual(['NOT_FOUND']);
    });

    it('complete at the end of a job that keeps no log', async () => {
      const jobId = await createTestJob(caller, { name: 'silent', enableLogging: false });
      await seedPod(api.database, jobId);
      await record(api.database, jobId, ...life.toRunning, ...life.toEnd);
      expect(await textsOf(batchesOf(caller, jobId))).toEqual([]);
    });
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
