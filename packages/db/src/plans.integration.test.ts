import { drizzle } from 'drizzle-orm/node-postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterLease } from './clusters/cluster-lease.js';
import { saveCapacity } from './clusters/save-capacity.js';
import type { Queryable } from './connection/database.js';
import { findDueJobs } from './life/claim-job.js';
import { readQueueFigures } from './life/read-queue-figures.js';
import { findPlacementSnapshot, readTurn } from './placement/read-placement-snapshot.js';
import { openDatabaseFixture, type DatabaseFixture } from './testing/database-fixture.js';
import { leaseNewCluster } from './testing/watched-job.js';

let fixture: DatabaseFixture;
let lease: ClusterLease;
let waitingId: string;

/** So many more of a job, but for the columns that are given; `what` begins their names. */
async function copyJob(id: string, what: string, count: number, columns: object): Promise<void> {
  await fixture.database.pool.query(
    `insert into jobs select (jsonb_populate_record(job, $3::jsonb || jsonb_build_object(
      'id', $4::text || i, 'name', $4::text || i))).* from jobs job, generate_series(1, $2::int) i where id = $1`,
    [id, count, JSON.stringify(columns), what],
  );
}

/** What PostgreSQL would do for each statement of `work`. */
async function plansOf(work: (db: Queryable) => Promise<unknown>): Promise<string[]> {
  const { pool } = fixture.database;
  const statements: [text: string, parameters: unknown[]][] = [];
  await work(drizzle(pool, { logger: { logQuery: (text, parameters) => void statements.push([text, parameters]) } }));
  const plans = statements.map(async ([text, parameters]) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, parameters);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  return Promise.all(plans);
}

beforeAll(async () => {
  fixture = await openDatabaseFixture();
  lease = await leaseNewCluster(fixture);
  waitingId = await fixture.newJob(1);
  const placed = { cluster_id: lease.clusterId, instance_type_id: 'it_1', kubernetes_uid: 'uid' };
  await copyJob(waitingId, 'waiting', 10_000, {});
  await copyJob(waitingId, 'ended', 10_000, {
    ...placed,
    state: { phase: 'ENDED' },
    status: 'SUCCEEDED',
    finished_at: '2026-01-01',
    due_at: null,
  });
  await copyJob(waitingId, 'placed', 3_000, { ...placed, state: { phase: 'PLACED', want: 'RUN' }, status: 'RUNNING' });
  await fixture.database.pool.query('vacuum analyze jobs');
});

afterAll(() => fixture.close());

/** What dispatchers and watchers ask for all the time, and the indexes that answer it. */
const asked: readonly [what: string, work: (db: Queryable) => Promise<unknown>, indexes: readonly string[]][] = [
  [
    'all that placements are decided by',
    findPlacementSnapshot,
    ['jobs_in_line_by_kind', 'jobs_resuming', 'jobs_reserving'],
  ],
  ["a job's turn", (db) => readTurn(db, waitingId), ['jobs_in_line_by_kind', 'jobs_resuming', 'jobs_reserving']],
  ['jobs that are due', (db) => findDueJobs(db, 100), ['jobs_due']],
  ['figures of the queue', readQueueFigures, ['jobs_in_line', 'jobs_due']],
  ["a cluster's room", saveRoom, ['jobs_on_cluster']],
];

function saveRoom(db: Queryable): Promise<void> {
  const counted = (pods: number) => ({ rooms: new Map(), gpus: [], pods: new Map([['placed1', pods]]) });
  return saveCapacity(db, lease, counted(2), counted(1));
}

it.each(asked)('neither a long line nor a long past is read through for %s', async (_, work, indexes) => {
  const plans = (await plansOf(work)).join('\n');
  expect(plans).not.toContain('Seq Scan on jobs');
  for (const index of indexes) expect(plans).toContain(`using ${index} on jobs`);
});
