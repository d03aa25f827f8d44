import { eq, sql } from 'drizzle-orm';
import { aPlacement, waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { claimJob, findDueJobs, releaseClaim, renewClaim } from './claim-job.js';
import { lockJob } from './locked-job.js';
import { recordEvent, type UntimedJobEvent } from './record-event.js';
import { jobs } from '../schema/jobs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { withTransaction } from '../connection/transaction.js';

const LEASE_MS = 60_000;

describe('claiming a job', () => {
  let fixture: DatabaseFixture;
  beforeAll(async () => {
    fixture = await openDatabaseFixture();
  });
  afterAll(() => fixture.close());

  const recordAs = (epoch: number, jobId: string, event: UntimedJobEvent) =>
    withTransaction(fixture.database, (tx) => recordEvent(tx, jobId, event, epoch));

  const isAnyoneBlocked = async () => {
    const { rowCount } = await fixture.database.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rowCount === 1;
  };

  const dueIds = async () => (await findDueJobs(fixture.database.db, 1_000)).map(({ id }) => id);

  it('is won by one of many dispatchers', async () => {
    const jobId = await fixture.newJob();
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimJob(fixture.database.db, jobId, LEASE_MS)));
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    expect(await dueIds()).not.toContain(jobId);
  });

  it('can be taken over when its lease has run out', async () => {
    const jobId = await fixture.newJob();
    const first = await claimJob(fixture.database.db, jobId, 0);
    expect(await dueIds()).toContain(jobId);
    const second = await claimJob(fixture.database.db, jobId, LEASE_MS);
    expect(second?.epoch).toBe((first?.epoch ?? 0) + 1);
  });

  it('is kept by renewing it, until another has it', async () => {
    const { db } = fixture.database;
    const jobId = await fixture.newJob();
    const first = await claimJob(db, jobId, 0);
    if (first === undefined) throw new Error('not claimed');
    expect(await renewClaim(db, first, LEASE_MS)).toBe(true);
    expect(await claimJob(db, jobId, LEASE_MS)).toBeUndefined();
    expect(await dueIds()).not.toContain(jobId);
    await renewClaim(db, first, 0);
    await claimJob(db, jobId, LEASE_MS);
    expect(await renewClaim(db, first, 0)).toBe(false);
    expect(await dueIds()).not.toContain(jobId);
  });

  it('makes the job due again later when it is given back', async () => {
    const jobId = await fixture.newJob();
    const claim = await claimJob(fixture.database.db, jobId, LEASE_MS);
    if (claim === undefined) throw new Error('not claimed');
    await releaseClaim(fixture.database.db, claim, 30_000);
    expect(await dueIds()).not.toContain(jobId);
    await fixture.database.db
      .update(jobs)
      .set({ dueAt: sql`now()` })
      .where(eq(jobs.id, jobId));
    expect(await dueIds()).toContain(jobId);
  });

  it('makes the job due at once when something happened that its holder did not see', async () => {
    const jobId = await fixture.newJob();
    const claim = await claimJob(fixture.database.db, jobId, LEASE_MS);
    if (claim === undefined) throw new Error('not claimed');
    await withTransaction(fixture.database, (tx) =>
      recordEvent(tx, jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() }),
    );
    await releaseClaim(fixture.database.db, claim, 30_000);
    expect(await dueIds()).toContain(jobId);
  });

  it('leaves the job due that somebody makes due during it, whatever its holder records after that', async () => {
    const jobId = await fixture.newJob();
    const claim = await claimJob(fixture.database.db, jobId, LEASE_MS);
    if (claim === undefined) throw new Error('not claimed');
    await fixture.database.db
      .update(jobs)
      .set({ dueAt: sql`date_trunc('milliseconds', now())` })
      .where(eq(jobs.id, jobId));
    await recordAs(claim.epoch, jobId, { type: 'PLACEMENT_WAITING', code: 'WAITING_FOR_CAPACITY', message: 'full' });
    expect(await releaseClaim(fixture.database.db, claim, 30_000)).toBe(true);
    expect(await dueIds()).toContain(jobId);
  });

  it('puts the job off that only its holder has recorded something of', async () => {
    const jobId = await fixture.newJob();
    const claim = await claimJob(fixture.database.db, jobId, LEASE_MS);
    if (claim === undefined) throw new Error('not claimed');
    await recordAs(claim.epoch, jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() });
    expect(await releaseClaim(fixture.database.db, claim, 30_000)).toBe(false);
    expect(await dueIds()).not.toContain(jobId);
  });

  it('is won by who comes while something is being recorded of the job', async () => {
    const jobId = await fixture.newJob();
    const { next } = await withTransaction(fixture.database, async (tx) => {
      await lockJob(tx, jobId);
      const next = claimJob(fixture.database.db, jobId, LEASE_MS);
      await waitFor(() => isAnyoneBlocked(), { timeoutMs: 5_000, what: 'the claim to wait for the row' });
      await tx
        .update(jobs)
        .set({ dueAt: sql`clock_timestamp()` })
        .where(eq(jobs.id, jobId));
      return { next };
    });
    await expect(next).resolves.toMatchObject({ id: jobId });
  });

  it('is not given back by one who has lost it', async () => {
    const jobId = await fixture.newJob();
    const first = await claimJob(fixture.database.db, jobId, 0);
    await claimJob(fixture.database.db, jobId, LEASE_MS);
    if (first === undefined) throw new Error('not claimed');
    await releaseClaim(fixture.database.db, first, 0);
    expect(await dueIds()).not.toContain(jobId);
  });

  it('is not possible for a job with nothing to do', async () => {
    const jobId = await fixture.newJob();
    await withTransaction(fixture.database, async (tx) => {
      await recordEvent(tx, jobId, { type: 'CANCEL_REQUESTED', by: 'me', reason: null });
      await recordEvent(tx, jobId, { type: 'SETTLED' });
    });
    expect(await claimJob(fixture.database.db, jobId, LEASE_MS)).toBeUndefined();
  });
});
