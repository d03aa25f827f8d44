import { armedUid } from '@ccluster/domain';
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
  });

  it('after its Kubernetes Job is posted can no longer arm it', async () => {
    const jobId = await fixture.addJob();
    here.interfere('postSecrets', takenOver(jobId));
    await fixture.work(jobId);
    await expectReleasedOnce(jobId);
    expect(onlyJob(here)).toMatchObject({ epoch: 2 });
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
    await expectReleasedOnce(jobId);
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

describe('room', () => {
  it('is reserved: of jobs that want the last of it, one gets it and the others wait', async () => {
    await fixture.addCluster('there', 0, 200);
    const jobIds = await Promise.all(Array.from({ length: 6 }, () => fixture.addJob()));
    await Promise.all(jobIds.map(fixture.work));
    const phases = (await Promise.all(jobIds.map(fixture.stateOf))).map((state) => state.phase);
    expect(phases.filter((phase) => phase === 'ARMED')).toHaveLength(4);
    expect(phases.filter((phase) => phase === 'QUEUED')).toHaveLength(2);
  });
});

describe('the end of a job', () => {
  const succeeded = { outcome: 'SUCCEEDED', code: 'Complete', message: 'done', final: true } as const;

  async function endedJob(): Promise<string> {
    const jobId = await fixture.addJob();
    await fixture.work(jobId);
    const observation = {
      kubernetesUid: armedUid(await fixture.stateOf(jobId)) ?? '',
      resourceVersion: '100',
      intent: 1,
      suspended: false,
      livePods: 0,
      quietSeconds: 0,
      ran: true,
      waiting: null,
      verdict: succeeded,
      hopeless: null,
    };
    await fixture.happen(jobId, { type: 'OBSERVED', observation }, { type: 'SETTLED' });
    return jobId;
  }

  it('leaves its Kubernetes Job for a minute, and then nothing', async () => {
    const jobId = await endedJob();
    await fixture.work(jobId);
    expect(here.jobs.size).toBe(1);
    fixture.clock.ms += 61_000;
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(here.jobs.size).toBe(0);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ENDED', outcome: 'SUCCEEDED', cleaned: true });
  });

  it('is not forgotten while its cluster cannot be reached', async () => {
    const jobId = await endedJob();
    fixture.clock.ms += 61_000;
    here.interfere('findJob', 'FAIL');
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ cleaned: false });
  });
});
