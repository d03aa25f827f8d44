import { findJob, hideJob, withTransaction } from '@ccluster/db';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';

let fixture: DispatchFixture;
let here: FakeCluster;
let jobId: string;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 4, 100);
  jobId = await fixture.addJob();
});

afterEach(() => fixture.close());

/** As its Kubernetes Job was found to be gone while it ran, or whatever else ended it. */
async function end(): Promise<void> {
  const [running] = [...here.jobs.values()];
  const gone = { kubernetesUid: running?.uid ?? '', message: 'gone' };
  await fixture.happen(jobId, { type: 'KUBERNETES_JOB_GONE', ...gone }, { type: 'SETTLED' });
}

async function hide(): Promise<void> {
  const { database } = fixture.context;
  const { rows } = await database.pool.query<{ organizationId: string }>(
    'SELECT organization_id AS "organizationId" FROM jobs WHERE id = $1',
    [jobId],
  );
  const job = await findJob(database.db, rows[0]?.organizationId ?? '', jobId);
  if (job === undefined) throw new Error(`${jobId} has no row`);
  await withTransaction(database, (tx) => hideJob(tx, job));
}

async function countRows(table: 'jobs' | 'pods' | 'job_events'): Promise<number> {
  const key = table === 'jobs' ? 'id' : 'job_id';
  const { rows } = await fixture.context.database.pool.query<{ count: number }>(
    `SELECT count(*)::int FROM ${table} WHERE ${key} = $1`,
    [jobId],
  );
  return rows[0]?.count ?? 0;
}

it('removes a deleted job with all that belongs to it, and its Kubernetes Job before any retention is over', async () => {
  await fixture.work(jobId);
  await end();
  await fixture.context.database.pool.query(
    `INSERT INTO pods (id, job_id, cluster_id, uid, name, index, attempt, status, created_at, log_complete)
     SELECT 'pod_' || i, $1, 'here', 'uid_' || i, 'pod', i, 1, 'SUCCEEDED', now(), true FROM generate_series(1, 5001) i`,
    [jobId],
  );
  await hide();
  await fixture.work(jobId);
  expect(here.jobs.size).toBe(0);
  expect(await Promise.all((['jobs', 'pods', 'job_events'] as const).map(countRows))).toEqual([0, 0, 0]);
});

it('keeps the row while the cluster cannot be reached', async () => {
  await fixture.work(jobId);
  await end();
  await hide();
  here.interfere('findJob', 'FAIL');
  await fixture.work(jobId);
  expect(await countRows('jobs')).toBe(1);
  fixture.clock.ms += 60_000;
  await fixture.makeDue(jobId);
  await fixture.work(jobId);
  expect(await countRows('jobs')).toBe(0);
  expect(here.jobs.size).toBe(0);
});

it('removes a job that was deleted while its clean-up was under way', async () => {
  await fixture.work(jobId);
  await end();
  await fixture.letItHaveEnded(jobId, 61);
  here.interfere('deleteJob', hide);
  await fixture.work(jobId);
  expect(await countRows('jobs')).toBe(1);
  await fixture.work(jobId);
  expect(await countRows('jobs')).toBe(0);
});

it('removes a job that never came to a cluster, and one that is cleaned up already', async () => {
  await fixture.happen(jobId, { type: 'CANCEL_REQUESTED', by: 'somebody', reason: null }, { type: 'SETTLED' });
  await hide();
  await fixture.work(jobId);
  expect(await countRows('jobs')).toBe(0);
  expect(here.calls).toEqual([]);
});
