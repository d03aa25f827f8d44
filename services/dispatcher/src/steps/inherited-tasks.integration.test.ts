import { armedUid } from '@ccluster/domain';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';

let fixture: DispatchFixture;
let here: FakeCluster;
let jobId: string;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 4, 100);
  jobId = await fixture.addJob({ completions: 6 });
  const inherited = [
    { jobId: 'job_first', indexes: '0,1' },
    { jobId: 'job_second', indexes: '3' },
  ];
  const { pool } = fixture.context.database;
  await pool.query('UPDATE jobs SET inherited = $2 WHERE id = $1', [jobId, JSON.stringify(inherited)]);
});

afterEach(() => fixture.close());

/** One Kubernetes Job was ever released, and it knew the tasks that need not run. */
async function expectReleasedWithInheritance(): Promise<void> {
  const uid = armedUid(await fixture.stateOf(jobId)) ?? '';
  expect(here.released).toEqual([uid]);
  expect(here.inherited.get(uid)).toBe('0,1,3');
}

it('are set before the Secrets are posted and the Kubernetes Job is released', async () => {
  await fixture.work(jobId);
  await expectReleasedWithInheritance();
  expect(here.calls).toEqual(['verifyIdentity', 'postJob', 'inheritTasks', 'postSecrets', 'changeIntent']);
});

it('are set again where the answer was lost, on a Kubernetes Job of the next claim', async () => {
  here.interfere('inheritTasks', 'LOSE_ANSWER');
  await fixture.work(jobId);
  expect(here.released).toEqual([]);
  fixture.clock.ms += 60_000;
  await fixture.makeDue(jobId);
  await fixture.work(jobId);
  await expectReleasedWithInheritance();
});

it('are set by the claim that releases, where a dispatcher stalls before it sets them', async () => {
  here.interfere('inheritTasks', async () => {
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
  });
  await fixture.work(jobId);
  await expectReleasedWithInheritance();
  expect([...here.jobs.values()]).toMatchObject([{ epoch: 2, suspended: false }]);
});

it('are never set on one that was released meanwhile, which is deleted before it counts', async () => {
  here.interfere('inheritTasks', async () => {
    const [posted] = [...here.jobs.values()];
    if (posted !== undefined) await here.changeIntent(posted, { from: 0, to: 1, suspend: false });
  });
  await fixture.work(jobId);
  expect(here.inherited.size).toBe(0);
  expect(here.jobs.size).toBe(0);
  const reason = { code: 'INHERITANCE_REFUSED', message: expect.stringMatching(/^here: /) };
  expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'QUEUED', reason });
});
