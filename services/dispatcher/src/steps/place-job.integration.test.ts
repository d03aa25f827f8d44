import { claimJob, organizations, readPlacementSnapshot, releaseClaim, wakePlaceableJobs } from '@ccluster/db';
import { aJobSpec } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterFault } from '../cluster/cluster-fault.js';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';

let fixture: DispatchFixture;
let here: FakeCluster;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 4, 100);
  await fixture.addCluster('there', 0, 200);
});

afterEach(() => fixture.close());

async function end(jobId: string): Promise<void> {
  await fixture.happen(jobId, { type: 'CANCEL_REQUESTED', by: 'somebody', reason: null });
}

async function setLimit(maxGpus: number): Promise<void> {
  await fixture.context.database.db.update(organizations).set({ maxGpus });
}

async function setRoom(room: number): Promise<void> {
  await fixture.context.database.pool.query(`UPDATE instance_types SET room = $1 WHERE id = 'it_here'`, [room]);
}

async function phasesOf(jobIds: readonly string[]): Promise<string[]> {
  return (await Promise.all(jobIds.map(fixture.stateOf))).map((state) => state.phase);
}

/** Oldest first. */
async function addJobs(count: number): Promise<string[]> {
  for (let i = 0; i < count; i += 1) await fixture.addJob();
  return (await readPlacementSnapshot(fixture.context.database.db)).line.map(({ id }) => id);
}

describe('placeJob', () => {
  it('gives the last of the room to the oldest, whoever is looked at first; the others have their place in line', async () => {
    const jobIds = await addJobs(7);
    await Promise.all(jobIds.toReversed().map(fixture.work));
    expect(await phasesOf(jobIds)).toEqual([...Array<string>(4).fill('ARMED'), ...Array<string>(3).fill('QUEUED')]);
    for (const jobId of jobIds.slice(4)) {
      await fixture.makeDue(jobId);
      await fixture.work(jobId);
    }
    const reasons = (await Promise.all(jobIds.slice(4).map(fixture.stateOf))).map((state) => state.reason);
    expect(reasons).toMatchObject(
      ['1st', '2nd', '3rd'].map((place) => ({
        code: 'WAITING_FOR_CAPACITY',
        message: `${place} in line for one-gpu on here, one-gpu on there`,
      })),
    );
  });

  it('lets older jobs go first, and has a dispatcher look at them', async () => {
    const jobIds = await addJobs(6);
    await fixture.work(jobIds[3] ?? '');
    expect(await phasesOf(jobIds)).toEqual([...Array<string>(3).fill('PLACED'), 'ARMED', 'QUEUED', 'QUEUED']);
    expect(fixture.hinted).toEqual(jobIds.slice(0, 3));
    await Promise.all(jobIds.map(fixture.work));
    expect(await phasesOf(jobIds)).toEqual([...Array<string>(4).fill('ARMED'), 'QUEUED', 'QUEUED']);
  });

  it('wakes a job that is due already, and one that is being looked at: it is looked at once more', async () => {
    const first = await fixture.addJob();
    const second = await fixture.addJob({
      requestedPlacement: { ...aJobSpec().requestedPlacement, maxPricePerHourCents: 1_000 },
    });
    const { db } = fixture.context.database;
    await setRoom(0);
    await fixture.work(first);
    await fixture.makeDue(first);
    const claim = await claimJob(db, second, 60_000);
    await setRoom(2);
    expect((await wakePlaceableJobs(db)).map(({ id }) => id).toSorted()).toEqual([first, second].toSorted());
    expect(claim !== undefined && (await releaseClaim(db, claim, 60_000))).toBe(true);
  });

  it('wakes of those that ask for the same the youngest that could go: its turn lets the others go', async () => {
    const jobIds = await addJobs(5);
    await setRoom(3);
    expect(await wakePlaceableJobs(fixture.context.database.db)).toMatchObject([{ id: jobIds[2] }]);
    await fixture.work(jobIds[2] ?? '');
    expect(await phasesOf(jobIds)).toEqual(['PLACED', 'PLACED', 'ARMED', 'QUEUED', 'QUEUED']);
  });

  it('places the oldest when a job ends: it alone is woken', async () => {
    const jobIds = await addJobs(6);
    for (const jobId of jobIds) await fixture.work(jobId);
    const { db } = fixture.context.database;
    expect(await wakePlaceableJobs(db)).toEqual([]);
    await end(jobIds[1] ?? '');
    expect(await wakePlaceableJobs(db)).toMatchObject([{ id: jobIds[4] }]);
    await Promise.all(jobIds.slice(4).map(fixture.work));
    expect(await phasesOf(jobIds.slice(4))).toEqual(['ARMED', 'QUEUED']);
  });

  it('keeps an organization within its GPUs, though many dispatchers place its jobs on several clusters at once', async () => {
    await fixture.addCluster('elsewhere', 4, 100);
    await setLimit(5);
    const jobIds = await addJobs(8);
    await Promise.all(jobIds.toReversed().map(fixture.work));
    expect(await phasesOf(jobIds)).toEqual([...Array<string>(5).fill('ARMED'), ...Array<string>(3).fill('QUEUED')]);
    const { reason } = await fixture.stateOf(jobIds[5] ?? '');
    expect(reason).toMatchObject({ code: 'ORGANIZATION_LIMIT', message: expect.stringMatching(/^1st in line: /) });
    await setLimit(6);
    expect(await wakePlaceableJobs(fixture.context.database.db)).toMatchObject([{ id: jobIds[5] }]);
  });

  it('keeps no room for a job that waits for a quota of its cluster', async () => {
    const [older = '', ...younger] = await addJobs(5);
    here.interfere('postJob', new ClusterFault('QUOTA_EXCEEDED', 'exceeded quota'));
    for (const jobId of [older, ...younger]) await fixture.work(jobId);
    expect(await phasesOf([older, ...younger])).toEqual(['QUEUED', ...Array<string>(4).fill('ARMED')]);
    expect((await fixture.stateOf(older)).reason).toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });
});
