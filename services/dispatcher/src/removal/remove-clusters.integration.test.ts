import { jobEvents, removeCluster, withTransaction } from '@ccluster/db';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReconciler } from '../reconcile/reconcile-clusters.js';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';
import { removeClusters } from './remove-clusters.js';

const { signal } = new AbortController();

let fixture: DispatchFixture;
let here: FakeCluster;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 200, 100);
  await query(`UPDATE clusters SET credentials = 'sealed', reader_credentials = 'sealed'`);
  await query(`INSERT INTO cluster_leases VALUES ('here', 1, 'a watcher', now() + interval '15 s')`);
});

afterEach(() => fixture.close());

const query = async (text: string) => (await fixture.context.database.pool.query<Record<string, unknown>>(text)).rows;
const remove = (abandon = true) =>
  withTransaction(fixture.context.database, (tx) => removeCluster(tx, 'here', abandon));
const work = () => removeClusters(fixture.context, signal);
const isForgotten = async () =>
  (await query(`SELECT forgotten_at FROM clusters WHERE id = 'here'`))[0]?.forgotten_at !== null;
const running = async () => {
  const jobId = await fixture.addJob();
  await fixture.work(jobId);
  return jobId;
};

describe('a removed cluster', () => {
  it('has its jobs ended and what is ours there deleted, and nothing of its credentials stays', async () => {
    const jobIds = [await running(), await running()];
    expect(here.jobs.size).toBe(2);
    expect(await remove(false)).toEqual({ kind: 'IN_USE', unfinishedJobs: 2 });
    expect(await remove()).toEqual({ kind: 'REMOVED' });
    await work();
    for (const jobId of jobIds) {
      expect(await fixture.stateOf(jobId)).toMatchObject({
        phase: 'ENDED',
        outcome: 'FAILED',
        placement: { clusterName: 'here' },
        reason: { code: 'CLUSTER_ABANDONED', message: expect.stringContaining('here was removed') },
      });
    }
    expect(here.jobs.size).toBe(0);
    expect(await isForgotten()).toBe(false);
    await work();
    expect(await isForgotten()).toBe(true);
    expect(await query(`SELECT length(credentials) AS a, length(reader_credentials) AS b FROM clusters`)).toEqual([
      { a: 0, b: 0 },
    ]);
    expect(await query('SELECT 1 FROM cluster_leases')).toEqual([]);
    for (const jobId of jobIds) {
      await fixture.letItHaveEnded(jobId, 61);
      await fixture.makeDue(jobId);
      await fixture.work(jobId);
      expect(await fixture.stateOf(jobId)).toMatchObject({ outcome: 'FAILED', cleaned: true });
    }
  });

  it('tells of each end once: that it is over, and that it has finished', async () => {
    const jobId = await running();
    await remove();
    await Promise.all([work(), work()]);
    const rows = await fixture.context.database.db.select().from(jobEvents);
    const told = rows.filter((row) => row.jobId === jobId).toSorted((left, right) => left.sequence - right.sequence);
    expect(told.slice(-2)).toMatchObject([
      { type: 'STATUS_CHANGED', status: 'FINISHING' },
      { type: 'FINISHED', status: 'FAILED' },
    ]);
    expect(told.map((event) => event.sequence)).toEqual(told.map((_, i) => i + 1));
    expect(told.filter((event) => event.type === 'FINISHED')).toHaveLength(1);
  });

  it('of more jobs than are ended at once has them all ended', async () => {
    const jobIds = await Promise.all(Array.from({ length: 60 }, () => fixture.addJob()));
    for (const jobId of jobIds) await fixture.work(jobId);
    await remove();
    await work();
    expect(await query('SELECT status, count(*)::int FROM jobs GROUP BY status')).toEqual([
      { status: 'FAILED', count: 60 },
    ]);
  });

  it('never has a job of it run again; a job that was only placed there goes elsewhere', async () => {
    const armed = await running();
    const waiting = await fixture.addJob();
    here.interfere('postSecrets', async () => {
      await remove();
      await work();
    });
    const there = await fixture.addCluster('there', 4, 900);
    await fixture.work(waiting);
    expect(await fixture.stateOf(waiting)).toMatchObject({ phase: 'ARMED', placement: { clusterId: 'there' } });
    expect(there.released).toHaveLength(1);
    await fixture.makeDue(armed);
    await fixture.work(armed);
    expect(await fixture.stateOf(armed)).toMatchObject({ outcome: 'FAILED', reason: { code: 'CLUSTER_ABANDONED' } });
    expect([here.jobs.size, here.released.length, there.released.length]).toEqual([0, 1, 1]);
  });

  it('is not forgotten while a claim from before may still post something there', async () => {
    const jobId = await fixture.addJob();
    let hasForgotten: boolean | undefined;
    here.interfere('postJob', async () => {
      await remove();
      await work();
      await work();
      hasForgotten = await isForgotten();
    });
    await fixture.work(jobId);
    expect(hasForgotten).toBe(false);
    expect(here.jobs.size).toBe(0);
    await work();
    expect(await isForgotten()).toBe(true);
  });

  it('that cannot be reached has its jobs ended all the same, and is forgotten after five minutes', async () => {
    const jobId = await running();
    await remove();
    for (let pass = 0; pass < 2; pass += 1) {
      here.interfere('verifyIdentity', 'FAIL');
      await fixture.context.connections.refresh([]);
      await work();
      fixture.clock.ms += 120_000;
    }
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ENDED', reason: { code: 'CLUSTER_ABANDONED' } });
    expect(await isForgotten()).toBe(false);
    await query(`UPDATE clusters SET removed_at = now() - interval '301 s'`);
    await work();
    expect(await isForgotten()).toBe(true);
  });

  it('leaves the Kubernetes Jobs that were made for other clusters alone', async () => {
    await running();
    const [mine] = here.jobs.entries();
    here.jobs.set('jobs/other', { ...mine![1], name: 'other', uid: 'other', clusterId: 'there', jobId: null });
    await remove();
    await work();
    await work();
    expect([...here.jobs.keys()]).toEqual(['jobs/other']);
    expect(await isForgotten()).toBe(true);
  });

  it('that comes back under another id is rid of what was left there, and nothing of it runs twice', async () => {
    const jobId = await running();
    await remove();
    await query(`UPDATE clusters SET removed_at = now() - interval '301 s'`);
    here.interfere('deleteJob', 'FAIL');
    await work();
    expect([await isForgotten(), here.jobs.size]).toEqual([true, 1]);
    const again = await fixture.addCluster('again', 4, 100);
    await query(`UPDATE clusters SET system_uid = 'here' WHERE id = 'again'`);
    for (const [key, job] of here.jobs) again.jobs.set(key, { ...job, jobId: null });
    const reconcile = createReconciler(fixture.context);
    for (let pass = 0; pass < 3; pass += 1) {
      await reconcile(signal);
      fixture.clock.ms += 60_000;
    }
    expect(again.jobs.size).toBe(0);
    expect([here.released.length, again.released.length]).toEqual([1, 0]);
    expect(await fixture.stateOf(jobId)).toMatchObject({ outcome: 'FAILED', reason: { code: 'CLUSTER_ABANDONED' } });
  });

  it('takes its watcher’s right to record with the first of its jobs that it ends', async () => {
    await running();
    await remove();
    await work();
    expect(await query(`SELECT holder, epoch > 1 AS raised FROM cluster_leases`)).toEqual([
      { holder: 'removal', raised: true },
    ]);
  });
});
