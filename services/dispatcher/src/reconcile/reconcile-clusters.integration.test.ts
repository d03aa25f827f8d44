import { waitFor } from '@ccluster/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anOrder } from '../testing/build-order.js';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';
import { createReconciler } from './reconcile-clusters.js';

const { signal } = new AbortController();

let fixture: DispatchFixture;
let here: FakeCluster;
let reconcile: (signal: AbortSignal) => Promise<void>;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 4, 100);
  reconcile = createReconciler(fixture.context);
});

afterEach(() => fixture.close());

/** Three passes, a minute apart. */
async function twoMinutes(): Promise<void> {
  for (let pass = 0; pass < 3; pass += 1) {
    await reconcile(signal);
    fixture.clock.ms += 60_000;
  }
}

it('deletes what a dispatcher left behind, once no claim can still mean it', async () => {
  await here.postJob(anOrder());
  await reconcile(signal);
  fixture.clock.ms += 60_000;
  await reconcile(signal);
  expect(here.jobs.size).toBe(1);
  fixture.clock.ms += 60_000;
  await reconcile(signal);
  expect(here.jobs.size).toBe(0);
});

it('leaves the Kubernetes Jobs of jobs that run alone', async () => {
  const jobId = await fixture.addJob();
  await fixture.work(jobId);
  await twoMinutes();
  expect(here.jobs.size).toBe(1);
});

it('leaves one that runs and that nobody owns to a person', async () => {
  const posted = await here.postJob(anOrder());
  if (posted !== undefined) await here.changeIntent(posted.job, { from: 0, to: 1, suspend: false });
  await twoMinutes();
  expect(here.jobs.size).toBe(1);
});

it('goes on with the others where one cluster cannot be reached', async () => {
  const there = await fixture.addCluster('there', 4, 100);
  await there.postJob(anOrder());
  here.interfere('verifyIdentity', 'FAIL');
  await twoMinutes();
  expect(there.jobs.size).toBe(0);
});

it('goes on with the others while one cluster says nothing', async () => {
  const there = await fixture.addCluster('there', 4, 100);
  await there.postJob(anOrder());
  for (let pass = 0; pass < 2; pass += 1) {
    await reconcile(signal);
    fixture.clock.ms += 60_000;
  }
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  here.interfere('listJobs', () => answer);
  const reconciled = reconcile(signal);
  await waitFor(() => there.jobs.size === 0, { timeoutMs: 10_000, what: 'the other cluster to be reconciled' });
  expect(here.calls.filter((call) => call === 'listJobs')).toHaveLength(3);
  resolve();
  await reconciled;
});
