import { encodeLogChunk } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_INFO, type TestConnection } from '../../testing/connection.js';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob, seedLog, seedPod } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

describe('the log of a job', () => {
  let api: TestApi;
  let caller: TestCaller;
  let id: string;
  let podIds: string[];

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    id = await createTestJob(caller, { name: 'logged', completions: 2 });
    podIds = [await seedPod(api.database, id, { index: 1 }), await seedPod(api.database, id, { index: 0 })];
    const [first = '', second = ''] = podIds;
    await seedLog(api.database, { jobId: id, podId: first }, 1, ['a1', 'a2']);
    await seedLog(api.database, { jobId: id, podId: second }, 1, ['b1', '\u001b[1mb2']);
    await seedLog(api.database, { jobId: id, podId: first }, 3, [
      { kind: 'gap', stamp: '2026-01-01T00:00:01.000000000Z', code: 'LOG_ROTATED', message: 'Lost', lines: 7 },
      'a4',
    ]);
  });

  afterAll(() => api.stop());

  const LINE = 'cursor node { podId index attempt number at text continued gapBefore { lines code message } }';
  const read = async (args: string, after: string | null = null) => {
    const logs = `logs(${args.replace('$cursor', JSON.stringify(after))}) { edges { ${LINE} } ${PAGE_INFO} }`;
    const { job } = await caller.get<{ job: { logs: TestConnection<{ text: string }> } }>(
      `query ($id: ID!) { job(id: $id) { ${logs} } }`,
      { id },
    );
    return job.logs;
  };
  const textsOf = ({ edges }: TestConnection<{ text: string }>) => edges.map(({ node }) => node.text);
  const all = ['a1', 'a2', 'b1', '\\x1b[1mb2', '', 'a4'];

  it('comes in the order stored, with gaps as lines of their own', async () => {
    const log = await read('first: 10');
    expect(textsOf(log)).toEqual(all);
    expect(log.edges[4]?.node).toEqual({
      podId: podIds[0],
      index: 1,
      attempt: 1,
      number: 3,
      at: '2026-01-01T00:00:01.000Z',
      text: '',
      continued: false,
      gapBefore: { lines: 7, code: 'LOG_ROTATED', message: 'Lost' },
    });
  });

  it.each([1, 2, 3, 4, 5, 6])('comes forwards in pages of %i, each line once', async (first) => {
    const found: string[] = [];
    for (let cursor: string | null = null, more = true; more;) {
      const page = await read(`first: ${first}, after: $cursor`, cursor);
      found.push(...textsOf(page));
      cursor = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(found).toEqual(all);
  });

  it.each([1, 2, 3, 4, 5, 6])('comes backwards in pages of %i, each line once', async (last) => {
    const found: string[] = [];
    for (let cursor: string | null = null, more = true; more;) {
      const page = await read(`last: ${last}, before: $cursor`, cursor);
      found.unshift(...textsOf(page));
      cursor = page.pageInfo.startCursor;
      more = page.pageInfo.hasPreviousPage;
    }
    expect(found).toEqual(all);
  });

  it('comes of one task or attempt', async () => {
    expect(textsOf(await read('index: 0'))).toEqual(['b1', '\\x1b[1mb2']);
    expect(textsOf(await read(`podId: "${podIds[0]}"`))).toEqual(['a1', 'a2', '', 'a4']);
    const { job } = await caller.get<{ job: { pods: TestConnection<{ logs: TestConnection<{ text: string }> }> } }>(
      'query ($id: ID!) { job(id: $id) { pods { edges { node { logs(last: 1) { edges { node { text } } } } } } } }',
      { id },
    );
    expect(job.pods.edges.map(({ node }) => textsOf(node.logs))).toEqual([['a4'], ['\\x1b[1mb2']]);
  });

  it.each([
    ['first: 10, search: "A"', ['a1', 'a2', 'a4']],
    ['last: 2, search: "a"', ['a2', 'a4']],
    ['first: 2, search: "a"', ['a1', 'a2']],
    ['first: 10, search: "X1B[1"', ['\\x1b[1mb2']],
    ['first: 10, search: "2", index: 1', ['a2']],
    ['first: 10, search: "nowhere"', []],
    ['first: 10, search: ""', all],
  ])('gives the lines of { %s }', async (args, expected) => {
    expect(textsOf(await read(args))).toEqual(expected);
  });

  it.each([
    ['first: 1, search: "a", after: $cursor', 'endCursor', 'hasNextPage', ['a1', 'a2', 'a4']],
    ['last: 1, search: "a", before: $cursor', 'startCursor', 'hasPreviousPage', ['a4', 'a2', 'a1']],
  ] as const)('is searched page by page: { %s }', async (args, nextCursor, hasMore, expected) => {
    const found: string[] = [];
    for (let cursor: string | null = null, more = true; more;) {
      const page = await read(args, cursor);
      found.push(...textsOf(page));
      cursor = page.pageInfo[nextCursor];
      more = page.pageInfo[hasMore];
    }
    expect(found).toEqual(expected);
  });

  it.each([
    ['first', 'after', 'endCursor', 'hasNextPage'],
    ['last', 'before', 'startCursor', 'hasPreviousPage'],
  ] as const)('is searched with a bound on the work of a request, going on from there: %s', async (...words) => {
    const [size, from, nextCursor, hasMore] = words;
    const long = await createTestJob(caller, { name: `long-log-${size}` });
    const podId = await seedPod(api.database, long);
    await api.database.pool.query(
      `insert into log_chunks (job_id, pod_id, first_number, line_count, body)
         select $1, $2, number, 1, $3 from generate_series(1, 1500) as number`,
      [long, podId, encodeLogChunk([{ kind: 'line', stamp: 's', bytes: Buffer.from('hay'), continued: false }])],
    );
    const query = `query ($id: ID!, $from: String) { job(id: $id) {
      logs(${size}: 5, ${from}: $from, search: "needle") { edges { cursor } ${PAGE_INFO} } } }`;
    const pageAfter = async (cursor: string | null) =>
      (await caller.get<{ job: { logs: TestConnection<unknown> } }>(query, { id: long, from: cursor })).job.logs;
    const first = await pageAfter(null);
    expect(first).toMatchObject({ edges: [], pageInfo: { [hasMore]: true } });
    expect(await pageAfter(first.pageInfo[nextCursor])).toMatchObject({ edges: [], pageInfo: { [hasMore]: false } });
  });

  it.each([
    [`search: "${'x'.repeat(257)}"`, ['search: INVALID']],
    ['first: 5001', ['first: INVALID']],
    ['last: -1', ['last: INVALID']],
    ['first: 1, last: 1', ['last: INVALID']],
    ['first: 1, before: "x"', ['last: INVALID']],
    ['after: "nonsense"', ['CURSOR_INVALID']],
  ])('refuses %s', async (args, expected) => {
    const answer = await caller.ask(`query ($id: ID!) { job(id: $id) { logs(${args}) { edges { cursor } } } }`, {
      id,
    });
    expect(refusalsOf(answer)).toEqual(expected);
  });

  it('refuses the cursor of another job', async () => {
    const other = await createTestJob(caller, { name: 'other-log' });
    const { edges } = await read('first: 1');
    const answer = await caller.ask(
      'query ($id: ID!, $after: String) { job(id: $id) { logs(after: $after) { edges { cursor } } } }',
      {
        id: other,
        after: edges[0]?.cursor,
      },
    );
    expect(refusalsOf(answer)).toEqual(['CURSOR_INVALID']);
  });
});
