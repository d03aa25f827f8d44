import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_INFO, type TestConnection } from '../../testing/connection.js';
import { refusalsOf } from '../../testing/issues.js';
import { createTestJob, life, record } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

describe('jobs', () => {
  let api: TestApi;
  let lister: TestCaller;
  const names = ['one', 'two', 'three', 'four', 'five'];

  beforeAll(async () => {
    api = await startTestApi();
    lister = await api.newCaller('lister', 'SUBMITTER');
    const ids = [];
    for (const name of names) ids.push(await createTestJob(lister, { name }));
    await record(api.database, ids[1]!, { type: 'CANCEL_REQUESTED', by: 'test', reason: null }, { type: 'SETTLED' });
    await record(api.database, ids[2]!, ...life.toRunning);
  });

  afterAll(() => api.stop());

  const jobsOf = async (args: string, after: string | null = null) => {
    const { jobs } = await lister.get<{ jobs: TestConnection<{ name: string }> }>(
      `query ($after: String) { jobs(after: $after${args}) { totalCount edges { cursor node { name } } ${PAGE_INFO} } }`,
      { after },
    );
    return jobs;
  };
  const namesOf = ({ edges }: TestConnection<{ name: string }>) => edges.map(({ node }) => node.name);

  it('come newest first, page by page, each once', async () => {
    const found: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await jobsOf(', first: 2', after);
      found.push(...namesOf(page));
      expect(page.totalCount).toBe(5);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(found).toEqual(names.toReversed());
  });

  it('come oldest first where that is wanted', async () => {
    expect(namesOf(await jobsOf(', orderBy: CREATED_AT_ASC'))).toEqual(names);
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
    const page = await jobsOf(`, filter: { ${filter} }`);
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
