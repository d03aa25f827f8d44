import { encodeLogChunk } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { createTestJob, life, record, seedLog, seedPod } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

interface Connection<Node> {
  readonly totalCount: number;
  readonly edges: { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> & Record<'startCursor' | 'endCursor', string>;
}

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

describe('lists', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  describe('of jobs', () => {
    let lister: TestCaller;
    const names = ['one', 'two', 'three', 'four', 'five'];

    beforeAll(async () => {
      lister = await api.newCaller('lister', 'SUBMITTER');
      const ids = [];
      for (const name of names) ids.push(await createTestJob(lister, { name }));
      await record(api.database, ids[1]!, { type: 'CANCEL_REQUESTED', by: 'test', reason: null }, { type: 'SETTLED' });
      await record(api.database, ids[2]!, ...life.toRunning);
    });

    const jobs = async (args: string, variables: Record<string, unknown> = {}) => {
      const answer = await lister.ask(
        `query ($after: String) { jobs(after: $after${args}) { totalCount edges { cursor node { name } } ${PAGE_INFO} } }`,
        variables,
      );
      expect(answer.errors).toBeUndefined();
      return answer.data?.['jobs'] as Connection<{ name: string }>;
    };
    const namesOf = ({ edges }: Connection<{ name: string }>) => edges.map(({ node }) => node.name);

    it('come newest first, page by page, each once', async () => {
      const found: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const page = await jobs(', first: 2', { after });
        found.push(...namesOf(page));
        expect(page.totalCount).toBe(5);
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        after = page.pageInfo.endCursor;
        more = page.pageInfo.hasNextPage;
      }
      expect(found).toEqual(names.toReversed());
    });

    it('come oldest first where that is wanted', async () => {
      expect(namesOf(await jobs(', orderBy: CREATED_AT_ASC'))).toEqual(names);
    });

    it.each([
      ['statuses: [CANCELLED, RUNNING]', ['three', 'two']],
      ['statuses: []', names.toReversed()],
      ['nameContains: "o"', ['four', 'two', 'one']],
      ['nameContains: "%"', []],
      ['clusterId: "cl_1"', ['three']],
      ['createdBy: "submitter of lister", nameContains: "five"', ['five']],
      ['createdBy: "nobody"', []],
      ['createdAfter: "2999-01-01T00:00:00Z"', []],
      ['createdBefore: "2999-01-01T00:00:00+01:00", nameContains: "one"', ['one']],
    ])('are filtered by { %s }', async (filter, expected) => {
      const page = await jobs(`, filter: { ${filter} }`);
      expect(namesOf(page)).toEqual(expected);
      expect(page.totalCount).toBe(expected.length);
    });

    it('are those of the organization only', async () => {
      const stranger = await api.newCaller('stranger', 'OPERATOR');
      expect((await stranger.ask('{ jobs { totalCount edges { cursor } } }')).data).toEqual({
        jobs: { totalCount: 0, edges: [] },
      });
      expect((await stranger.ask('{ jobByName(name: "one") { id } }')).data).toEqual({ jobByName: null });
    });

    it.each([
      ['first: 101', ['first: INVALID']],
      ['first: -1', ['first: INVALID']],
      ['after: "nonsense"', ['CURSOR_INVALID']],
      ['after: ""', ['CURSOR_INVALID']],
    ])('refuse %s', async (args, expected) => {
      expect(refusalsOf(await lister.ask(`{ jobs(${args}) { totalCount } }`))).toEqual(expected);
    });
  });

  describe('of one job', () => {
    let id: string;
    let podIds: string[];

    beforeAll(async () => {
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
      await seedLog(api.database, { jobId: id, podId: podIds[0]! }, 1, ['a1', 'a2']);
      await seedLog(api.database, { jobId: id, podId: podIds[1]! }, 1, ['b1', '\u001b[1mb2']);
      await seedLog(api.database, { jobId: id, podId: podIds[0]! }, 3, [
        { kind: 'gap', stamp: '2026-01-01T00:00:01.000000000Z', code: 'LOG_ROTATED', message: 'Lost', lines: 7 },
        'a4',
      ]);
    });

    const ask = async (selection: string) => {
      const answer = await caller.ask(`query ($id: ID!) { job(id: $id) { ${selection} } }`, { id });
      expect(answer.errors).toBeUndefined();
      return answer.data?.['job'] as Record<string, Connection<Record<string, unknown>>>;
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
      const { data } = await caller.ask(query, { id: old });
      const { events } = (data as { job: { events: Connection<unknown> } }).job;
      await api.database.pool.query('delete from job_events where job_id = $1 and sequence < 3', [old]);
      const refusals = await Promise.all(
        events.edges
          .slice(0, 3)
          .map(async ({ cursor }) => refusalsOf(await caller.ask(query, { id: old, after: cursor }))),
      );
      expect(refusals).toEqual([['CURSOR_EXPIRED'], [], []]);
      const subscription = 'subscription ($id: ID!, $after: String) { jobEvents(jobId: $id, after: $after) { type } }';
      const stream = caller.listen(subscription, { id: old, after: events.edges[0]?.cursor });
      await expect(stream.next()).rejects.toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }]);
    });

    describe('its log', () => {
      const LINE = 'cursor node { podId index attempt number at text continued gapBefore { lines code message } }';
      const read = async (args: string, cursor: string | null = null) => {
        const at = JSON.stringify(cursor);
        const logs = `logs(${args.replace('$cursor', at)}) { edges { ${LINE} } ${PAGE_INFO} }`;
        return (await ask(logs))['logs'] as unknown as Connection<{ text: string }>;
      };
      const textsOf = ({ edges }: Connection<{ text: string }>) => edges.map(({ node }) => node.text);
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
        const { pods } = await ask('pods { edges { node { logs(last: 1) { edges { node { text } } } } } }');
        expect(
          pods?.edges.map(({ node }) => (node['logs'] as Connection<{ text: string }>).edges[0]?.node.text),
        ).toEqual(['a4', '\\x1b[1mb2', undefined]);
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
        const first = (await caller.ask(query, { id: long })).data?.['job'] as { logs: Connection<unknown> };
        expect(first.logs).toMatchObject({ edges: [], pageInfo: { [hasMore]: true } });
        const second = await caller.ask(query, { id: long, from: first.logs.pageInfo[nextCursor] });
        expect(second.data).toMatchObject({ job: { logs: { edges: [], pageInfo: { [hasMore]: false } } } });
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
  });
});
