import { armedUid } from '@ccluster/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { KubernetesJobRef } from '../cluster/cluster-writer.js';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';

let fixture: DispatchFixture;
let here: FakeCluster;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 4, 100);
});

afterEach(() => fixture.close());

describe('a cluster', () => {
  it('that cannot be reached is passed over for another', async () => {
    const there = await fixture.addCluster('there', 4, 900);
    const jobId = await fixture.addJob();
    here.interfere('postJob', 'FAIL');
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', placement: { clusterId: 'there' } });
    expect(here.released).toEqual([]);
    expect(there.released).toHaveLength(1);
  });

  it('that is the only one and refuses us is what the job waits for', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postJob', new ClusterFault('CLUSTER_REFUSED', 'Unauthorized'));
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'QUEUED', reason: { code: 'CLUSTER_REFUSED' } });
    fixture.clock.ms += 1_000;
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', intent: { released: true } });
  });

  it.each([
    ['drained', 'clusters SET draining = true', 'CLUSTER_DRAINING'],
    ['lost', 'clusters SET unreachable_since = now()', 'CLUSTER_UNREACHABLE'],
    ['removed', 'clusters SET removed_at = now()', 'CLUSTER_REMOVED'],
    ['no longer of its size', 'instance_types SET removed_at = now()', 'CLUSTER_REMOVED'],
  ])('that is %s while the job is being posted there never starts it: another is chosen', async (_, change, code) => {
    const there = await fixture.addCluster('there', 4, 900);
    const jobId = await fixture.addJob();
    here.interfere('postSecrets', async () => {
      await fixture.context.database.pool.query(`UPDATE ${change} WHERE id IN ('here', 'it_here')`);
    });
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', placement: { clusterId: 'there' } });
    expect(fixture.published.map(({ after }) => after.reason?.code)).toContain(code);
    expect([here.released, [...here.jobs.values()]]).toEqual([[], []]);
    expect(there.released).toHaveLength(1);
  });

  it('that is chosen again keeps what is armed there, though a DELETE from the first time arrives late', async () => {
    const there = await fixture.addCluster('there', 4, 900);
    const jobId = await fixture.addJob();
    let first: KubernetesJobRef | undefined;
    here.interfere('postSecrets', () => {
      [first] = here.jobs.values();
      throw new ClusterFault('UNREACHABLE', 'No answer within 10000 ms');
    });
    here.interfere('deleteJob', 'FAIL');
    there.interfere('postJob', () => {
      fixture.clock.ms += 10_000;
      throw new ClusterFault('UNREACHABLE', 'No answer within 10000 ms');
    });
    await fixture.work(jobId);
    if (first === undefined) throw new Error('Nothing was posted the first time');
    await here.deleteJob(first);
    const state = await fixture.stateOf(jobId);
    expect(state).toMatchObject({ phase: 'ARMED', placement: { clusterId: 'here' } });
    expect([...here.jobs.values()].map(({ uid }) => uid)).toEqual([armedUid(state)]);
    expect(here.released).toEqual([armedUid(state)]);
  });

  it('that is drained before the job is posted sees nothing of it', async () => {
    await fixture.addCluster('there', 4, 900);
    const jobId = await fixture.addJob();
    const { database } = fixture.context;
    here.interfere('postJob', new ClusterFault('BUSY', 'later'));
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'PLACED', placement: { clusterId: 'here' } });
    await database.pool.query(`UPDATE clusters SET draining = true WHERE id = 'here'`);
    here.calls.length = 0;
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', placement: { clusterId: 'there' } });
    expect(here.calls).toEqual([]);
  });

  it('whose policy refuses the job ends it with the cluster’s sentence', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postJob', new ClusterFault('POLICY_REFUSED', 'admission webhook denied the request: no'));
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({
      phase: 'ENDED',
      outcome: 'FAILED',
      cleaned: true,
      reason: { code: 'POLICY_REFUSED', message: 'here: admission webhook denied the request: no' },
    });
  });

  it('whose quota is used up is asked again later', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postJob', new ClusterFault('QUOTA_EXCEEDED', 'exceeded quota'));
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'QUEUED', reason: { code: 'QUOTA_EXCEEDED' } });
  });

  it('that no longer has the armed Kubernetes Job ends the job', async () => {
    const jobId = await fixture.addJob();
    await fixture.work(jobId);
    here.jobs.clear();
    await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
    await fixture.work(jobId);
    const gone = { phase: 'ENDING', outcome: 'FAILED', reason: { code: 'KUBERNETES_JOB_GONE' } };
    expect(await fixture.stateOf(jobId)).toMatchObject(gone);
  });

  it('that is another one than was registered proves nothing', async () => {
    const jobId = await fixture.addJob();
    await fixture.work(jobId);
    here.jobs.clear();
    here.interfere('verifyIdentity', new ClusterFault('UNREACHABLE', 'another cluster'));
    await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', reason: { code: 'CLUSTER_UNREACHABLE' } });
  });
});
