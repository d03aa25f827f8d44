import {
  findWatchedJob,
  listPodsOfJob,
  settleJob,
  withTransaction,
  type ObservedPod,
  type WatchedJob,
} from '@ccluster/db';
import type { JobState } from '@ccluster/domain';
import type { LogCollector } from '../logs/log-collector.js';
import type { LoggedPod } from '../logs/read-pod-log.js';
import { hasStarted, isLiveAttempt } from '../observe/pod-status.js';
import type { ClusterCache } from './cluster-cache.js';
import { memoryOf, rememberComplete, type JobMemory } from './job-memory.js';
import { recordJob, type RecordJobOptions } from './record-job.js';
import { traceChange } from './trace-change.js';

/** While a stop, a grace or a drain of logs is under way: things that change by time alone. */
const PENDING_INTERVAL_MS = 500;

export interface ExamineJobOptions extends RecordJobOptions {
  readonly cache: RecordJobOptions['cache'] & Pick<ClusterCache, 'findPod' | 'wasSeenWaiting'>;
  readonly logs: LogCollector;
  /** false: what is known of the cluster may be old, or of another cluster. */
  readonly isTrusted: () => boolean;
  readonly logDrainMs: number;
}

export interface JobExaminer {
  /** Records what is new about a job. @returns when to look again even if nothing changes, milliseconds */
  examine(jobId: string, signal: AbortSignal): Promise<number | undefined>;
  /** The log of one attempt is complete. */
  completeLog(jobId: string, podUid: string): void;
}

/** Jobs one at a time each: compares the cluster with the row, and records what differs. */
export function createJobExaminer(options: ExamineJobOptions): JobExaminer {
  const memories = new Map<string, JobMemory>();

  const examine = async (jobId: string, signal: AbortSignal): Promise<number | undefined> => {
    const row = await findWatchedJob(options.database.db, options.lease.clusterId, jobId);
    if (row === undefined) {
      memories.delete(jobId);
      await options.logs.forget(jobId);
      return undefined;
    }
    const memory = memories.get(jobId) ?? memoryOf(await listPodsOfJob(options.database.db, jobId));
    memories.set(jobId, memory);
    // Of a cluster that cannot be reached nothing is concluded; but a job that only waits for its logs still ends in time.
    const recorded = options.isTrusted() ? await recordJob(options, row, memory, signal) : undefined;
    const { state, isLimited } = recorded ?? { state: row.state, isLimited: false };
    followOpenLogs(options, row, memory);
    if (await settle(options, row, state, memory)) memories.delete(jobId);
    return isLimited || isStopping(state) ? PENDING_INTERVAL_MS : undefined;
  };
  const completeLog = (jobId: string, podUid: string): void => {
    const memory = memories.get(jobId);
    if (memory !== undefined) rememberComplete(memory, podUid);
  };
  return { examine, completeLog };
}

function followOpenLogs({ cache, logs }: ExamineJobOptions, row: WatchedJob, memory: JobMemory): void {
  if (!row.enableLogging || row.state.phase === 'QUEUED' || row.state.placement === null) return;
  const { namespace } = row.state.placement;
  for (const [uid, { podId, name }] of memory.openLogs) {
    const pod = cache.findPod(uid);
    const recorded = memory.pods.get(uid);
    const hasEnded = recorded === undefined || !isLiveAttempt(recorded);
    // Of a pod that is there no more, the follower finds out what can still be had.
    if (hasEnded || (pod !== undefined && hasStarted(pod))) {
      const run = recorded && runOf(recorded, cache.wasSeenWaiting(uid));
      logs.follow({ podId, jobId: row.id, uid, namespace, name, hasEnded, run });
    }
  }
}

function runOf({ startedAt, finishedAt }: ObservedPod, isFresh: boolean): LoggedPod['run'] {
  return startedAt === null ? undefined : { startedAt, endedAt: finishedAt, isFresh };
}

/** @returns whether the job has ended now */
async function settle(
  options: ExamineJobOptions,
  row: WatchedJob,
  state: JobState,
  memory: JobMemory,
): Promise<boolean> {
  if (!isStopped(state)) return false;
  const isOver = isStopped(row.state) && row.now.getTime() - row.toldAt.getTime() >= options.logDrainMs;
  if (memory.openLogs.size > 0 && !isOver) return false;
  // Followers that still read must not store lines after the gap that ends their log.
  await options.logs.forget(row.id);
  const beganMs = Date.now();
  const change = await options.atRisk('settle', () =>
    withTransaction(options.database, (tx) => settleJob(tx, options.lease, row.id, isOver)),
  );
  if (change !== undefined) {
    traceChange('settle', row, change, beganMs);
    options.announce(change);
  }
  return change !== undefined;
}

function isStopped(state: JobState): boolean {
  return state.phase === 'ENDING' && state.stopped;
}

function isStopping(state: JobState): boolean {
  return state.phase === 'ENDING' || (state.phase === 'ARMED' && state.want === 'SUSPEND' && !state.stopped);
}
