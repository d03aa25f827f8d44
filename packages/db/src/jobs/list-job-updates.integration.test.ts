import { aPlacement } from '@ccluster/testkit';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetOldJobDeletions, insertJobDeletion } from './job-deletions.js';
import type { JobListFilter } from './job-filter.js';
import { findFilteredJobs, listJobUpdates, readJobUpdatesEnd, type JobUpdatePosition } from './list-job-updates.js';
import { recordEvent } from '../life/record-event.js';
import { jobDeletions, jobs } from '../schema/jobs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { withTransaction } from '../connection/transaction.js';

const LIMIT = 100;

describe('updates of jobs', () => {
  let fixture: DatabaseFixture;
  let start: JobUpdatePosition;
  beforeAll(async () => {
    fixture = await openDatabaseFixture();
  });
  beforeEach(async () => {
    start = (await readJobUpdatesEnd(fixture.database.db)).position;
  });
  afterAll(() => fixture.close());

  const list = (after: JobUpdatePosition, limit = LIMIT) =>
    listJobUpdates(fixture.database.db, fixture.organizationId, after, limit);
  /** Other tests, in other databases of the instance, have open transactions too. */
  const listSettled = async (after: JobUpdatePosition) => {
    for (;;) {
      const { updates, heldBack } = await list(after);
      if (!heldBack) return updates.map(({ jobId, deleted }) => (deleted ? `-${jobId}` : jobId));
    }
  };
  const hold = (jobId: string, type: 'SUSPEND_REQUESTED' | 'RESUME_REQUESTED' = 'SUSPEND_REQUESTED') =>
    withTransaction(fixture.database, (tx) => recordEvent(tx, jobId, { type, by: 'test' }));

  it('are the jobs in the order in which they last changed, each once', async () => {
    const [first, second] = [await fixture.newJob(), await fixture.newJob()];
    expect(await listSettled(start)).toEqual([first, second]);
    await hold(first);
    expect(await listSettled(start)).toEqual([second, first]);
  });

  it('do not come from what callers do not see', async () => {
    const jobId = await fixture.newJob();
    await listSettled(start);
    const { position } = await readJobUpdatesEnd(fixture.database.db);
    await fixture.database.db.update(jobs).set({ epoch: 7, leaseUntil: new Date() }).where(eq(jobs.id, jobId));
    expect(await listSettled(position)).toEqual([]);
  });

  it('wait for a transaction that began earlier and is still open, so that none is missed', async () => {
    const [slow, quick] = [await fixture.newJob(), await fixture.newJob()];
    await listSettled(start);
    let { position } = await readJobUpdatesEnd(fixture.database.db);
    const client = await fixture.database.pool.connect();
    try {
      await client.query('begin');
      await client.query('update jobs set updated_xid = pg_current_xact_id() where id = $1', [slow]);
      await hold(quick);
      expect(await list(position)).toEqual({ updates: [], heldBack: true });
      position = (await readJobUpdatesEnd(fixture.database.db)).position;
      await client.query('commit');
    } finally {
      client.release();
    }
    expect(await listSettled(position)).toEqual([slow, quick]);
  });

  it('come in pages of any size, also within one transaction', async () => {
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push(await fixture.newJob());
    await fixture.database.pool.query('update jobs set updated_xid = pg_current_xact_id() where id = any($1)', [ids]);
    const found: string[] = [];
    for (let after = start; found.length < ids.length;) {
      const { updates } = await list(after, 2);
      found.push(...updates.map(({ jobId }) => jobId));
      after = updates.at(-1) ?? after;
    }
    expect(found).toEqual(ids.toSorted());
  });

  it('tell of a deletion when the row has gone', async () => {
    const id = await fixture.newJob();
    await withTransaction(fixture.database, async (tx) => {
      await insertJobDeletion(tx, { id, organizationId: fixture.organizationId });
      await tx.delete(jobs).where(eq(jobs.id, id));
    });
    expect(await listSettled(start)).toEqual([`-${id}`]);
  });

  it('forget deletions after eight days, a few at a time', async () => {
    const { organizationId, database } = fixture;
    const old = new Date(Date.now() - 8.1 * 86_400_000);
    const young = new Date(Date.now() - 7.9 * 86_400_000);
    const ages = { 'job_old-1': old, 'job_old-2': old, job_young: young };
    await database.db
      .insert(jobDeletions)
      .values(Object.entries(ages).map(([jobId, deletedAt]) => ({ jobId, organizationId, deletedAt })));
    const forgotten = [];
    for (let i = 0; i < 3; i += 1) forgotten.push(await forgetOldJobDeletions(database.db, 1));
    expect(forgotten).toEqual([1, 1, 0]);
    const kept = await database.db.select({ jobId: jobDeletions.jobId }).from(jobDeletions);
    expect(kept.map(({ jobId }) => jobId)).toContain('job_young');
  });

  it.each<[string, JobListFilter, 'matches' | 'may have matched' | 'never matched']>([
    ['nothing', {}, 'matches'],
    ['its status', { statuses: ['SUSPENDED'] }, 'matches'],
    ['a status that it had', { statuses: ['FAILED', 'QUEUED'] }, 'may have matched'],
    ['a status that it never had', { statuses: ['RUNNING'] }, 'never matched'],
    ['a cluster that it was placed on', { clusterId: 'cl_1' }, 'may have matched'],
    ['another cluster', { clusterId: 'cl_2' }, 'never matched'],
    ['its creator', { createdBy: 'test' }, 'matches'],
    ['another creator', { createdBy: 'nobody' }, 'never matched'],
    ['another name', { nameContains: '%' }, 'never matched'],
    ['a later time', { createdAfter: new Date('2999-01-01') }, 'never matched'],
    ['an earlier time', { createdBefore: new Date(0) }, 'never matched'],
    ['a status that it had, and another creator', { statuses: ['QUEUED'], createdBy: 'nobody' }, 'never matched'],
  ])('know of a filter by %s whether a job matches it now or before', async (_, filter, expected) => {
    const jobId = await fixture.newJob();
    await withTransaction(fixture.database, async (tx) => {
      await recordEvent(tx, jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() });
      await recordEvent(tx, jobId, { type: 'PLACEMENT_UNDONE', code: 'NAMESPACE_GONE', message: 'Gone' });
    });
    for (let i = 0; i < 2; i += 1) await hold(jobId, 'SUSPEND_REQUESTED');
    const [found] = await findFilteredJobs(fixture.database.db, fixture.organizationId, filter, [jobId]);
    expect(found === undefined ? 'never matched' : found.matches ? 'matches' : 'may have matched').toBe(expected);
  });

  it('remember of a job that is suspended and resumed again and again each status once', async () => {
    const jobId = await fixture.newJob();
    for (let i = 0; i < 3; i += 1) {
      await hold(jobId, 'SUSPEND_REQUESTED');
      await hold(jobId, 'RESUME_REQUESTED');
    }
    const [row] = await fixture.database.db.select().from(jobs).where(eq(jobs.id, jobId));
    expect(row?.pastStatuses).toEqual(['QUEUED', 'SUSPENDED']);
  });
});
