import { advance, describeTransition, type JobEvent } from '@ccluster/domain';
import { and, eq, inArray, or } from 'drizzle-orm';
import { holdClusterLease, type ClusterLease } from '../clusters/cluster-lease.js';
import type { Queryable } from '../connection/database.js';
import { describePodChange } from './describe-pod-change.js';
import { lockJob, saveJob, type LockedJob, type NewJobEvent, type RecordedChange } from './locked-job.js';
import type { PodRow } from './save-pods.js';
import { logStreams } from '../schema/logs.js';
import { pods } from '../schema/pods.js';
import { storeLogs } from '../logs/store-logs.js';

/**
 * Ends a job of which no pod is left, once each attempt's log is complete: SETTLED, in a transaction fenced by the
 * watcher's lease. Attempts whose result was never seen become LOST. Throws `LeaseLost`.
 * @param giveUpLogs the time to drain logs is over: what is missing becomes a gap
 * @returns undefined where the job cannot end yet, or has ended
 */
export async function settleJob(
  tx: Queryable,
  lease: ClusterLease,
  jobId: string,
  giveUpLogs: boolean,
): Promise<RecordedChange | undefined> {
  await holdClusterLease(tx, lease);
  const job = await lockJob(tx, jobId);
  if (job === undefined || job.state.phase !== 'ENDING' || !job.state.stopped) return undefined;
  const open = await findOpenPods(tx, jobId);
  const undrained = open.filter((pod) => !pod.logComplete);
  if (undrained.length > 0 && !giveUpLogs) return undefined;
  const events = await loseUnfinished(tx, job, open);
  await giveUp(tx, lease, job, undrained);
  const event: JobEvent = { type: 'SETTLED', at: job.at };
  const state = advance(job.state, event);
  const transition = describeTransition(job.state, state, event);
  return saveJob(tx, job, {
    state,
    progress: { ...job.progress, running: [] },
    livePods: 0,
    events: transition === null ? events : [...events, transition],
  });
}

/** Attempts that have not ended, or whose log is not complete. */
async function findOpenPods(tx: Queryable, jobId: string): Promise<PodRow[]> {
  return tx
    .select()
    .from(pods)
    .where(and(eq(pods.jobId, jobId), or(eq(pods.logComplete, false), inArray(pods.status, ['PENDING', 'RUNNING']))));
}

async function loseUnfinished(tx: Queryable, job: LockedJob, open: readonly PodRow[]): Promise<NewJobEvent[]> {
  const lost = open.filter((pod) => pod.status === 'PENDING' || pod.status === 'RUNNING');
  if (lost.length === 0) return [];
  const reason = {
    code: 'POD_GONE',
    message: 'The job ended before the result of this attempt was seen',
    since: job.at,
  };
  const ids = lost.map((pod) => pod.id);
  await tx.update(pods).set({ status: 'LOST', reason }).where(inArray(pods.id, ids));
  return lost.map((pod) => ({
    type: 'POD_CHANGED',
    message: describePodChange(pod, { ...pod, status: 'LOST', reason }) ?? reason.message,
    pod: { id: pod.id, status: 'LOST' },
  }));
}

/** A gap that says so, at the end of each log that could not be read to its end. */
async function giveUp(tx: Queryable, lease: ClusterLease, job: LockedJob, undrained: readonly PodRow[]): Promise<void> {
  if (undrained.length === 0) return;
  const podIds = undrained.map((pod) => pod.id);
  const streams = await tx.select().from(logStreams).where(inArray(logStreams.podId, podIds));
  const stored = new Map(streams.map((stream) => [stream.podId, stream]));
  const message = 'The rest of this log could not be read before the time for it was over';
  const gap = { kind: 'gap', stamp: job.at, code: 'LOG_UNAVAILABLE', message, lines: null } as const;
  const batches = podIds.map((podId) => {
    const stream = stored.get(podId);
    const position = stream?.position ?? {};
    return { podId, jobId: job.id, linesBefore: stream?.lines ?? 0, records: [gap], position, complete: true };
  });
  await storeLogs(tx, lease, batches);
}
