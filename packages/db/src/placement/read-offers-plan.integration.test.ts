import { drizzle } from 'drizzle-orm/node-postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { readOffers } from './read-offers.js';

let fixture: DatabaseFixture;

beforeAll(async () => {
  fixture = await openDatabaseFixture();
});

afterAll(() => fixture.close());

/** So many more of a job, but for the columns that are given; `what` begins their names. */
async function copyJob(id: string, what: string, count: number, columns: object): Promise<void> {
  await fixture.database.pool.query(
    `insert into jobs select (jsonb_populate_record(job, $3::jsonb || jsonb_build_object(
      'id', $4::text || i, 'name', $4::text || i))).* from jobs job, generate_series(1, $2::int) i where id = $1`,
    [id, count, JSON.stringify(columns), what],
  );
}

it('reads the jobs that keep room, and none of a long line or a long past', async () => {
  const { pool } = fixture.database;
  const id = await fixture.newJob(1);
  const placed = { cluster_id: 'cl_1', instance_type_id: 'it_1' };
  await copyJob(id, 'waiting', 5_000, {});
  await copyJob(id, 'ended', 5_000, {
    ...placed,
    state: { phase: 'ENDED' },
    status: 'SUCCEEDED',
    finished_at: '2026-01-01',
  });
  await copyJob(id, 'placed', 200, { ...placed, state: { phase: 'PLACED', want: 'RUN' } });
  await pool.query('analyze jobs');
  const statements: string[] = [];
  await readOffers(drizzle(pool, { logger: { logQuery: (text) => void statements.push(text) } }));
  const [statement] = statements;
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${statement}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('jobs_reserving');
  expect(plan).not.toContain('Seq Scan on jobs');
});
