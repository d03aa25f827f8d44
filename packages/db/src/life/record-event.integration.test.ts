import { aPlacement } from '@ccluster/testkit';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { claimJob } from './claim-job.js';
import { recordEvent } from './record-event.js';
import { jobEvents } from '../schema/job-events.js';
import { jobs } from '../schema/jobs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { withTransaction } from '../connection/transaction.js';

describe('recording events of a job', () => {
  let fixture: DatabaseFixture;
  beforeAll(async () => {
    fixture = await openDatabaseFixture();
  });
  afterAll(() => fixture.close());

  const eventsOf = (jobId: string) =>
    fixture.database.db.select().from(jobEvents).where(eq(jobEvents.jobId, jobId)).orderBy(asc(jobEvents.sequence));

  const rowOf = async (jobId: string) => (await fixture.database.db.select().from(jobs).where(eq(jobs.id, jobId)))[0];

  it('stores the state, the columns derived from it, and one event', async () => {
    const jobId = await fixture.newJob(3);
    const recorded = await withTransaction(fixture.database, (tx) =>
      recordEvent(tx, jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() }),
    );
    expect(recorded).toMatchObject({ jobId, eventSequence: 2, after: { phase: 'PLACED' } });
    expect(await rowOf(jobId)).toMatchObject({
      status: 'QUEUED',
      clusterId: 'cl_1',
      instanceTypeId: 'it_1',
      pendingCount: 3,
    });
    expect((await eventsOf(jobId)).map(({ type, sequence }) => [sequence, type])).toEqual([
      [1, 'CREATED'],
      [2, 'PLACED'],
    ]);
  });

  it('stores nothing for an event that comes twice', async () => {
    const jobId = await fixture.newJob();
    const cancel = () =>
      withTransaction(fixture.database, (tx) =>
        recordEvent(tx, jobId, { type: 'CANCEL_REQUESTED', by: 'me', reason: null }),
      );
    expect(await cancel()).toBeDefined();
    expect(await cancel()).toBeUndefined();
    expect(await eventsOf(jobId)).toHaveLength(2);
  });

  it('refuses what comes under a claim that another has taken over', async () => {
    const jobId = await fixture.newJob();
    const { db } = fixture.database;
    const first = await claimJob(db, jobId, 0);
    const second = await claimJob(db, jobId, 60_000);
    expect(second?.epoch).toBe((first?.epoch ?? 0) + 1);
    const place = (epoch?: number) =>
      withTransaction(fixture.database, (tx) =>
        recordEvent(tx, jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() }, epoch),
      );
    expect(await place(first?.epoch)).toBeUndefined();
    expect(await place(second?.epoch)).toBeDefined();
  });

  it('numbers the events of a job without holes when many record at once', async () => {
    const jobId = await fixture.newJob();
    const record = (i: number) =>
      withTransaction(fixture.database, (tx) =>
        recordEvent(tx, jobId, { type: 'PLACEMENT_WAITING', code: `CODE_${i}`, message: 'waits' }),
      );
    await Promise.all(Array.from({ length: 30 }, (_, i) => record(i)));
    const sequences = (await eventsOf(jobId)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
    expect((await rowOf(jobId))?.eventSequence).toBe(31);
  });

  it('leaves no trace of a transaction that fails after it', async () => {
    const jobId = await fixture.newJob();
    const failing = withTransaction(fixture.database, async (tx) => {
      await recordEvent(tx, jobId, { type: 'CANCEL_REQUESTED', by: 'me', reason: null });
      throw new Error('the process has another reason to stop');
    });
    await expect(failing).rejects.toThrow('another reason');
    expect(await rowOf(jobId)).toMatchObject({ status: 'QUEUED', eventSequence: 1 });
  });

  it('counts every task of an ended job', async () => {
    const jobId = await fixture.newJob(7);
    await withTransaction(fixture.database, async (tx) => {
      await recordEvent(tx, jobId, { type: 'CANCEL_REQUESTED', by: 'me', reason: null });
      await recordEvent(tx, jobId, { type: 'SETTLED' });
    });
    expect(await rowOf(jobId)).toMatchObject({ status: 'CANCELLED', pendingCount: 0, cancelledCount: 7, dueAt: null });
  });
});
