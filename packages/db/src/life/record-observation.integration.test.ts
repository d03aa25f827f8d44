import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterLease } from '../clusters/cluster-lease.js';
import { listPodsOfJob } from './list-pods-of-job.js';
import { recordEvent } from './record-event.js';
import { recordObservation, type ObservedJob } from './record-observation.js';
import { jobEvents } from '../schema/job-events.js';
import { jobs } from '../schema/jobs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { anObservedJob, anObservedPod, leaseNewCluster, releaseNewJob } from '../testing/watched-job.js';
import { withTransaction } from '../connection/transaction.js';

let fixture: DatabaseFixture;
let lease: ClusterLease;
let jobId: string;
beforeAll(async () => {
  fixture = await openDatabaseFixture();
});
beforeEach(async () => {
  lease = await leaseNewCluster(fixture);
  jobId = await releaseNewJob(fixture, lease, 3);
});
afterAll(() => fixture.close());

const record = (seen: ObservedJob) =>
  withTransaction(fixture.database, (tx) => recordObservation(tx, lease, jobId, seen));
const rowOf = async () => (await fixture.database.db.select().from(jobs).where(eq(jobs.id, jobId)))[0];
const messages = async () => {
  const { db } = fixture.database;
  const rows = await db.select().from(jobEvents).where(eq(jobEvents.jobId, jobId)).orderBy(asc(jobEvents.sequence));
  return rows.slice(3).map((row) => row.message);
};

describe('recording what is seen of a job', () => {
  it('stores pods, tasks and status with one event each, and nothing when nothing is new', async () => {
    const seen = anObservedJob(jobId, [
      anObservedPod(),
      anObservedPod({ uid: 'pod-2', index: 2, status: 'PENDING', nodeName: null }),
    ]);
    await expect(record(seen)).resolves.toMatchObject({ change: { eventSequence: 6 } });
    await expect(record(seen)).resolves.toMatchObject({ change: undefined });
    await expect(messages()).resolves.toEqual([
      'Index 0, attempt 1, is running on node-1',
      'Index 2, attempt 1, is being prepared',
      'Running',
    ]);
    await expect(rowOf()).resolves.toMatchObject({
      status: 'RUNNING',
      runningIndexes: '0',
      runningCount: 1,
      pendingCount: 2,
    });
  });

  it('numbers the attempts at an index by their age', async () => {
    const older = anObservedPod({ uid: 'z-older', status: 'FAILED', createdAt: new Date(1_000) });
    await record(anObservedJob(jobId, [anObservedPod({ uid: 'a-newer', createdAt: new Date(2_000) }), older]));
    await record(anObservedJob(jobId, [anObservedPod({ uid: 'newest', createdAt: new Date(3_000) })]));
    const pods = await listPodsOfJob(fixture.database.db, jobId);
    expect(Object.fromEntries(pods.map((pod) => [pod.uid, pod.attempt]))).toEqual({
      'z-older': 1,
      'a-newer': 2,
      newest: 3,
    });
  });
});

describe('what is recorded', () => {
  it('is never taken back: neither a result nor a success', async () => {
    await record(anObservedJob(jobId, [anObservedPod({ status: 'SUCCEEDED', exitCode: 0 })]));
    await record(anObservedJob(jobId, [anObservedPod()]));
    await expect(listPodsOfJob(fixture.database.db, jobId)).resolves.toMatchObject([
      { status: 'SUCCEEDED', exitCode: 0 },
    ]);
    await expect(rowOf()).resolves.toMatchObject({ succeededCount: 1, runningCount: 0 });
  });

  it('is the start of its first pod where a job had ended before it was seen to run', async () => {
    const startedAt = new Date(Date.now() - 60_000);
    const later = new Date(Date.now() + 60_000);
    const ended = [startedAt, later, null].map((at, index) =>
      anObservedPod({ uid: `pod-${index}`, index, status: 'SUCCEEDED', exitCode: 0, startedAt: at }),
    );
    const verdict = { outcome: 'SUCCEEDED', code: 'X', message: 'Done', final: true } as const;
    await record(anObservedJob(jobId, ended, { verdict, livePods: 0 }));
    await withTransaction(fixture.database, (tx) => recordEvent(tx, jobId, { type: 'SETTLED' }));
    await expect(rowOf()).resolves.toMatchObject({ status: 'SUCCEEDED', startedAt });
  });

  it('may be found again where it was lost', async () => {
    await record(anObservedJob(jobId, [anObservedPod({ status: 'LOST' })]));
    await record(anObservedJob(jobId, [anObservedPod({ status: 'FAILED', exitCode: 1 })]));
    await expect(listPodsOfJob(fixture.database.db, jobId)).resolves.toMatchObject([{ status: 'FAILED', attempt: 1 }]);
  });

  it('tells of a pod again only when its status or the code of its reason changes', async () => {
    const waiting = (message: string) =>
      anObservedJob(
        jobId,
        [anObservedPod({ status: 'PENDING', nodeName: null, reason: { code: 'UNSCHEDULABLE', message } })],
        { ran: false },
      );
    await record(waiting('0/1 nodes'));
    await record(waiting('0/2 nodes'));
    await expect(messages()).resolves.toEqual(['Index 0, attempt 1, is being prepared: 0/1 nodes']);
    await expect(listPodsOfJob(fixture.database.db, jobId)).resolves.toMatchObject([
      { reason: { message: '0/2 nodes' } },
    ]);
  });

  it('is not that of a Kubernetes Job that is not the armed one, and a job that has ended', async () => {
    const seen = anObservedJob(jobId, [anObservedPod()]);
    const other = { ...seen, observation: { ...seen.observation, kubernetesUid: 'other' } };
    await expect(record(other)).resolves.toBeUndefined();
    await record(
      anObservedJob(jobId, [], { verdict: { outcome: 'SUCCEEDED', code: 'X', message: 'Done', final: true } }),
    );
    await withTransaction(fixture.database, (tx) => recordEvent(tx, jobId, { type: 'SETTLED' }));
    await expect(record(seen)).resolves.toBeUndefined();
    await expect(rowOf()).resolves.toMatchObject({ status: 'SUCCEEDED', runningCount: 0 });
  });

  it('never touches the pods of another job', async () => {
    await record(anObservedJob(jobId, [anObservedPod({ uid: 'same' })]));
    const victim = jobId;
    jobId = await releaseNewJob(fixture, lease);
    await record(anObservedJob(jobId, [anObservedPod({ uid: 'same', status: 'FAILED' })]));
    await expect(listPodsOfJob(fixture.database.db, victim)).resolves.toMatchObject([{ status: 'RUNNING' }]);
  });
});
