import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const JOBS = '{ jobs(first: 1) { totalCount } }';
const VIEWER = '{ viewer { principal } }';

let api: TestApi;
let caller: TestCaller;

beforeAll(async () => {
  api = await startTestApi();
  caller = await api.newCaller('acme', 'VIEWER');
});

afterAll(() => api.stop());

/** Whoever reads jobs waits for `work`. */
async function withLockedJobs(work: () => Promise<void>): Promise<void> {
  const client = await api.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE');
    await work();
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function countWaiting(): Promise<number> {
  const { rows } = await api.database.pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted AND relation = 'jobs'::regclass`,
  );
  return rows[0]?.waiting ?? 0;
}

it('a request that waits for the database holds up no other, of its caller or of another one', async () => {
  const other = await api.newCaller('acme', 'VIEWER');
  let waiting: readonly Promise<unknown>[] = [];
  await withLockedJobs(async () => {
    waiting = [caller.get(JOBS), caller.get(JOBS), other.get(JOBS)];
    await expect.poll(countWaiting, { timeout: 5_000 }).toBe(3);
    expect(await caller.get(VIEWER)).toHaveProperty('viewer');
    expect(await other.get(VIEWER)).toHaveProperty('viewer');
  });
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 3 }, () => ({ jobs: { totalCount: 0 } })));
});
