import { instanceTypes, organizations, wakePlaceableJobs } from '@ccluster/db';
import { armedUid, jobStatus } from '@ccluster/domain';
import { anObservation } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';

let fixture: DispatchFixture;
let here: FakeCluster;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 8, 100);
  await fixture.context.database.db.update(organizations).set({ maxGpus: 2 });
});

afterEach(() => fixture.close());

async function start(): Promise<string> {
  const jobId = await fixture.addJob();
  await fixture.work(jobId);
  return jobId;
}

async function suspend(jobId: string): Promise<void> {
  await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'ann' });
  await fixture.work(jobId);
}

/** As far as its cluster is concerned. */
async function stop(jobId: string): Promise<void> {
  const kubernetesUid = armedUid(await fixture.stateOf(jobId)) ?? '';
  const stopped = { kubernetesUid, intent: 2, suspended: true, resourceVersion: '1000000' };
  await fixture.happen(jobId, { type: 'OBSERVED', observation: anObservation(stopped) });
}

async function startSuspended(): Promise<string> {
  const jobId = await start();
  await suspend(jobId);
  await stop(jobId);
  return jobId;
}

async function resume(jobId: string): Promise<void> {
  await fixture.happen(jobId, { type: 'RESUME_REQUESTED', by: 'ann', limited: true });
  await fixture.work(jobId);
}

async function end(jobId: string): Promise<void> {
  await fixture.happen(jobId, { type: 'CANCEL_REQUESTED', by: 'ann', reason: null });
}

async function told(jobId: string): Promise<string> {
  const state = await fixture.stateOf(jobId);
  return `${jobStatus(state)}: ${state.reason?.code}: ${state.reason?.message}`;
}

const woken = async () => (await wakePlaceableJobs(fixture.context.database.db)).map(({ id }) => id);

describe('a job that is resumed', () => {
  it('goes on at once where its organization’s limit allows it', async () => {
    const jobId = await startSuspended();
    await start();
    await resume(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ want: 'RUN', resuming: false, intent: { applied: 3 } });
    expect([...here.jobs.values()]).toMatchObject([{ suspended: false }, { suspended: false }]);
  });

  it('stays suspended at the limit, and goes on by itself before younger jobs when GPUs are free', async () => {
    const jobId = await startSuspended();
    const others = [await start(), await start()];
    await resume(jobId);
    expect(await told(jobId)).toMatch(
      /^SUSPENDED: ORGANIZATION_LIMIT: 1st in line: one-gpu on here: Takes 1 GPU of the 2/,
    );
    const younger = await start();
    expect(await told(younger)).toMatch(/^QUEUED: ORGANIZATION_LIMIT: 2nd in line/);
    expect(await woken()).toEqual([]);
    await end(others[0] ?? '');
    expect(await woken()).toEqual([jobId]);
    await fixture.work(younger);
    await fixture.work(jobId);
    expect(await told(jobId)).toBe('STARTING: STARTING: Resumed on here');
    expect(await told(younger)).toMatch(/^QUEUED/);
  });

  it('goes on after an older one that waits for the same, whichever is looked at first', async () => {
    const [older, younger] = [await startSuspended(), await startSuspended()];
    const others = [await start(), await start()];
    await resume(younger);
    await resume(older);
    await end(others[0] ?? '');
    await fixture.makeDue(younger);
    await fixture.work(younger);
    expect(fixture.hinted).toEqual([older]);
    expect(await told(older)).toMatch(/^STARTING/);
    expect(await told(younger)).toMatch(/^SUSPENDED: ORGANIZATION_LIMIT: 1st in line/);
  });

  it('needs no GPUs beside those it still holds', async () => {
    const jobId = await start();
    await start();
    await fixture.context.database.pool.query('UPDATE jobs SET live_pods = 1 WHERE id = $1', [jobId]);
    await suspend(jobId);
    await resume(jobId);
    expect(await told(jobId)).toMatch(/^STARTING/);
  });

  it('goes on where its instance type was removed since', async () => {
    const jobId = await startSuspended();
    await fixture.context.database.db.update(instanceTypes).set({ removedAt: new Date() });
    await resume(jobId);
    expect(await told(jobId)).toMatch(/^STARTING/);
  });
});

describe('a job that waits to be resumed', () => {
  let jobId: string;

  beforeEach(async () => {
    jobId = await startSuspended();
    const others = [await start(), await start()];
    await resume(jobId);
    await end(others[0] ?? '');
  });

  it('can be suspended again: then it stays so, and holds up nobody', async () => {
    await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'ben' });
    expect(await woken()).toEqual([]);
    await fixture.work(jobId);
    expect(await told(jobId)).toBe('SUSPENDED: SUSPEND_REQUESTED: Suspended by ben');
    expect(await told(await start())).toMatch(/^STARTING/);
  });

  it('can be cancelled', async () => {
    await end(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ENDING', outcome: 'CANCELLED', stopped: true });
    expect(await told(await start())).toMatch(/^STARTING/);
  });
});
