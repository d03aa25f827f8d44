import { newId, type JobObservation } from '@ccluster/domain';
import { anObservation, aPlacement } from '@ccluster/testkit';
import { randomFillSync } from 'node:crypto';
import { takeClusterLease, type ClusterLease } from '../clusters/cluster-lease.js';
import { insertCluster } from '../clusters/insert-cluster.js';
import { recordEvent } from '../life/record-event.js';
import type { ObservedJob } from '../life/record-observation.js';
import type { ObservedPod } from '../life/save-pods.js';
import { withTransaction } from '../connection/transaction.js';
import type { DatabaseFixture } from './database-fixture.js';

function newTestId(prefix: 'cl' | 'job'): string {
  return newId(prefix, Date.now(), (bytes) => randomFillSync(bytes));
}

/** A cluster, and the lease on it. */
export async function leaseNewCluster({ database }: DatabaseFixture): Promise<ClusterLease> {
  const id = newTestId('cl');
  const words = {
    name: id.slice(-20),
    displayName: 'East',
    region: 'here',
    namespace: 'jobs',
    kubernetesVersion: 'v1',
  };
  const none = Buffer.alloc(0);
  await insertCluster(database.db, { id, systemUid: id, ...words, credentials: none, readerCredentials: none });
  const lease = await takeClusterLease(database.db, id, 'first', 60_000);
  if (lease === undefined) throw new Error('The lease is taken');
  return lease;
}

/** A job that was released in the lease's cluster as the Kubernetes Job `uid-<job id>`. */
export async function releaseNewJob(fixture: DatabaseFixture, lease: ClusterLease, completions = 1): Promise<string> {
  const jobId = await fixture.newJob(completions);
  await withTransaction(fixture.database, async (tx) => {
    const placement = aPlacement({ clusterId: lease.clusterId });
    await recordEvent(tx, jobId, { type: 'PLACEMENT_DECIDED', placement });
    await recordEvent(tx, jobId, { type: 'ARMED', kubernetesUid: `uid-${jobId}`, placement });
    await recordEvent(tx, jobId, { type: 'INTENT_APPLIED', intent: 1, released: true, resourceVersion: '10' });
  });
  return jobId;
}

export function anObservedJob(
  jobId: string,
  pods: readonly ObservedPod[] = [],
  observation: Partial<JobObservation> = {},
): ObservedJob {
  const indexesOf = (status: ObservedPod['status']) =>
    pods.filter((pod) => pod.status === status).map((pod) => [pod.index, pod.index] as const);
  return {
    observation: anObservation({
      kubernetesUid: `uid-${jobId}`,
      livePods: pods.length,
      ran: pods.length > 0,
      ...observation,
    }),
    progress: { succeeded: indexesOf('SUCCEEDED'), running: indexesOf('RUNNING'), failed: indexesOf('FAILED') },
    pods,
  };
}

/** A first attempt at index 0 that runs. */
export function anObservedPod(overrides: Partial<ObservedPod> = {}): ObservedPod {
  return {
    uid: 'pod-1',
    name: 'train-0-abcde',
    index: 0,
    status: 'RUNNING',
    reason: null,
    exitCode: null,
    nodeName: 'node-1',
    imageDigest: null,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    startedAt: new Date('2026-01-01T00:00:10Z'),
    finishedAt: null,
    heldBy: null,
    logless: false,
    ...overrides,
  };
}
