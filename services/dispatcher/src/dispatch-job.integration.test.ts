import { armedUid } from '@ccluster/domain';
import { aPlacement } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterFault } from './cluster/cluster-fault.js';
import { openDispatchFixture, type DispatchFixture } from './testing/dispatch-fixture.js';
import type { FakeCluster } from './testing/fake-cluster.js';

const CANCEL = [{ type: 'CANCEL_REQUESTED', by: 'somebody', reason: null }, { type: 'SETTLED' }] as const;

let fixture: DispatchFixture;
let here: FakeCluster;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 4, 100);
});

afterEach(() => fixture.close());

/** The one Kubernetes Job of the cluster. */
function onlyJob(cluster: FakeCluster) {
  expect(cluster.jobs.size).toBe(1);
  return [...cluster.jobs.values()][0];
}

async function expectReleasedOnce(jobId: string): Promise<void> {
  const uid = armedUid(await fixture.stateOf(jobId));
  expect(here.released).toEqual([uid]);
  expect(onlyJob(here)).toMatchObject({ uid, suspended: false });
}

describe('a new job', () => {
  it('is placed, posted, armed and released under one claim', async () => {
    const jobId = await fixture.addJob();
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({
      phase: 'ARMED',
      placement: { clusterId: 'here', instanceTypeName: 'one-gpu', namespace: 'jobs' },
      intent: { decided: 1, applied: 1, released: true },
    });
    await expectReleasedOnce(jobId);
    expect(here.calls).toEqual(['verifyIdentity', 'postJob', 'postSecrets', 'changeIntent']);
    expect(fixture.published.map(({ after }) => after.phase)).toEqual(['PLACED', 'ARMED', 'ARMED']);
  });

  it('is worked on by one of many dispatchers that are hinted at once', async () => {
    const jobId = await fixture.addJob();
    await Promise.all(Array.from({ length: 5 }, () => fixture.work(jobId)));
    await expectReleasedOnce(jobId);
    expect(here.calls.filter((call) => call === 'postJob')).toHaveLength(1);
  });

  it('is worked on until nothing of what happened meanwhile is left to do', async () => {
    const jobId = await fixture.addJob();
    here.interfere('changeIntent', async () => {
      await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
      await fixture.work(jobId);
    });
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ want: 'SUSPEND', intent: { decided: 2, applied: 2 } });
    expect(onlyJob(here)).toMatchObject({ suspended: true });
  });

  it('is left alone while a caller holds it back', async () => {
    const jobId = await fixture.addJob();
    await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
    await fixture.work(jobId);
    expect(here.calls).toEqual([]);
  });
});

describe('a dispatcher that stalls', () => {
  /** Another dispatcher takes the job over while the first one is in the middle of a call. */
  const takenOver = (jobId: string) => async () => {
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
  };

  it('before its Kubernetes Job is posted finds the newer one and stops', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postJob', takenOver(jobId));
    await fixture.work(jobId);
    await expectReleasedOnce(jobId);
    expect(onlyJob(here)).toMatchObject({ epoch: 2 });
  });

  it('after its Kubernetes Job is posted can no longer arm it', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postSecrets', takenOver(jobId));
    await fixture.work(jobId);
    await expectReleasedOnce(jobId);
    expect(onlyJob(here)).toMatchObject({ epoch: 2 });
  });

  it('after its Kubernetes Job is posted cannot arm it while another has posted and not yet armed', async () => {
    const jobId = await fixture.addJob();
    const otherHasPosted = Promise.withResolvers<void>();
    const firstIsDone = Promise.withResolvers<void>();
    let other: Promise<void> | undefined;
    here.interfere('postSecrets', async () => {
      await fixture.makeDue(jobId);
      other = fixture.work(jobId);
      await otherHasPosted.promise;
    });
    here.interfere('postSecrets', async () => {
      otherHasPosted.resolve();
      await firstIsDone.promise;
    });
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'PLACED' });
    firstIsDone.resolve();
    await other;
    await expectReleasedOnce(jobId);
    expect(onlyJob(here)).toMatchObject({ epoch: 2 });
  });

  it('after its Kubernetes Job is posted cannot arm it once the job was placed elsewhere meanwhile', async () => {
    const there = await fixture.addCluster('there', 4, 900);
    const jobId = await fixture.addJob();
    const placement = aPlacement({ clusterId: 'there', instanceTypeId: 'it_there', namespace: 'jobs' });
    const by = 'somebody';
    here.interfere('postSecrets', () =>
      fixture.happen(
        jobId,
        { type: 'SUSPEND_REQUESTED', by },
        { type: 'RESUME_REQUESTED', by },
        // As in the turn of another job, that is behind it in line.
        { type: 'PLACEMENT_DECIDED', placement },
      ),
    );
    await fixture.work(jobId);
    const state = await fixture.stateOf(jobId);
    expect(state).toMatchObject({ phase: 'ARMED', placement: { clusterId: 'there' }, intent: { applied: 1 } });
    expect(onlyJob(there)).toMatchObject({ uid: armedUid(state), suspended: false });
    expect([here.jobs.size, here.released]).toEqual([0, []]);
  });

  it('before it releases changes nothing once another has released', async () => {
    const jobId = await fixture.addJob();
    here.interfere('changeIntent', takenOver(jobId));
    await fixture.work(jobId);
    await expectReleasedOnce(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ intent: { decided: 1, applied: 1 } });
  });

  it('before it releases cannot undo a later suspend', async () => {
    const jobId = await fixture.addJob();
    here.interfere('changeIntent', async () => {
      await fixture.happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
      await takenOver(jobId)();
    });
    await fixture.work(jobId);
    expect(here.released).toEqual([]);
    expect(onlyJob(here)).toMatchObject({ intent: 2, suspended: true });
    expect(await fixture.stateOf(jobId)).toMatchObject({ want: 'SUSPEND', stopped: true, intent: { released: false } });
  });
});

describe('a lost answer', () => {
  it('to the POST costs one look', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postJob', 'LOSE_ANSWER');
    await fixture.work(jobId);
    await expectReleasedOnce(jobId);
    expect(here.calls.filter((call) => call === 'findJob')).toHaveLength(1);
  });

  it('to the release is found out by the next claim', async () => {
    const jobId = await fixture.addJob();
    here.interfere('changeIntent', 'LOSE_ANSWER');
    await fixture.work(jobId);
    const unknown = { intent: { applied: 0 }, reason: { code: 'CLUSTER_UNREACHABLE' } };
    expect(await fixture.stateOf(jobId)).toMatchObject(unknown);
    fixture.clock.ms += 1_000;
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ intent: { applied: 1, released: true } });
    await expectReleasedOnce(jobId);
  });
});

describe('a cancel', () => {
  it('between POST and arming starts no pod, and nothing is left', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postSecrets', () => fixture.happen(jobId, ...CANCEL));
    await fixture.work(jobId);
    expect(here.released).toEqual([]);
    expect(here.jobs.size).toBe(0);
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ENDED', outcome: 'CANCELLED', cleaned: true });
  });

  it('between arming and release starts no pod', async () => {
    const jobId = await fixture.addJob();
    here.interfere('changeIntent', new ClusterFault('BUSY', 'later'));
    await fixture.work(jobId);
    await fixture.happen(jobId, ...CANCEL);
    await fixture.work(jobId);
    expect(here.released).toEqual([]);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ENDING', stopped: true });
  });

  it('after release tells Kubernetes to stop, and waits for its acknowledgement', async () => {
    const jobId = await fixture.addJob();
    await fixture.work(jobId);
    await fixture.happen(jobId, ...CANCEL);
    await fixture.work(jobId);
    expect(onlyJob(here)).toMatchObject({ intent: 2, suspended: true });
    const waiting = { phase: 'ENDING', stopped: false, armed: { intent: { applied: 2, released: true } } };
    expect(await fixture.stateOf(jobId)).toMatchObject(waiting);
  });
});
