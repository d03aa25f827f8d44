import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../testing/collect.js';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob, life, record, seedLog, seedPod } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const LOGS = `subscription ($jobId: ID!, $after: String, $index: Int, $podId: ID) {
  jobLogs(jobId: $jobId, after: $after, index: $index, podId: $podId) { cursor lines { attempt number text gapBefore { code } } } }`;

interface Batch {
  readonly cursor: string;
  readonly lines: { readonly number: number; readonly text: string }[];
}

interface Edges {
  readonly edges: { readonly cursor: string }[];
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

describe('subscriptions to the log of a job', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

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

  it('end as the job is deleted', async () => {
    const jobId = await createTestJob(caller, { name: 'deleted' });
    const podId = await seedPod(api.database, jobId);
    await seedLog(api.database, { jobId, podId }, 1, ['line']);
    const listening = (async () => {
      for await (const { lines } of batchesOf(caller, jobId)) {
        expect(lines).toHaveLength(1);
        await api.database.pool.query('update jobs set deleted_at = now() where id = $1', [jobId]);
      }
    })();
    await expect(listening).rejects.toMatchObject([{ extensions: { code: 'JOB_DELETED' } }]);
  });

  it('refuse a cursor of the events, and one of the log of another job', async () => {
    const [jobId, other] = [
      await createTestJob(caller, { name: 'mine' }),
      await createTestJob(caller, { name: 'not-mine' }),
    ];
    const podId = await seedPod(api.database, other);
    await seedLog(api.database, { jobId: other, podId }, 1, ['line']);
    const query = 'query ($id: ID!) { job(id: $id) { eventCursor logs { edges { cursor } } } }';
    const { job } = await caller.get<{ job: { eventCursor: string; logs: Edges } }>(query, { id: other });
    for (const after of [job.eventCursor, job.logs.edges[0]?.cursor]) {
      const refused = await collect(caller.listen(LOGS, { jobId, after }));
      expect(refused.flatMap(refusalsOf)).toEqual(['CURSOR_INVALID']);
    }
  });
});
