import {
  findWatchedJob,
  listPodsOfJob,
  mergeProgress,
  recordEvent,
  recordObservation,
  settleJob,
  withClusterLease,
  withTransaction,
  type ClusterLease,
  type Database,
  type ObservedJob,
  type RecordedChange,
  type WatchedJob,
} from '@ccluster/db';
import { advance, armedUid, kubernetesJobName, type JobState } from '@ccluster/domain';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import type { AttemptPod } from '../objects/kubernetes-pod.js';
import { hasStarted } from '../observe/pod-status.js';
import type { Graces } from '../observe/troubles.js';
import type { LogCollector } from '../logs/log-collector.js';
import type { ClusterCache } from './cluster-cache.js';
import type { ClusterReader } from './cluster-reader.js';
import { memoryOf, rememberRows, type JobMemory } from './job-memory.js';
import { lookAtJob, type Look } from './look-at-job.js';

/** Pods recorded in one transaction; the others follow in the next. */
const MAX_PODS_PER_RECORDING = 1_000;
/** While a stop, a grace or a drain of logs is under way: things that change by time alone. */
const PENDING_INTERVAL_MS = 500;

export interface ExamineJobOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  readonly clusterName: string;
  readonly cache: Pick<ClusterCache, 'findJob' | 'podsOf' | 'departedOf' | 'findPod' | 'eventsOf' | 'isNodeReady'>;
  readonly reader: ClusterReader;
  readonly logs: LogCollector;
  readonly graces: Graces;
  /** false: what is known of the cluster may be old, or of another cluster. */
  readonly isTrusted: () => boolean;
  readonly logDrainMs: number;
  /** Tells of what was committed. */
  readonly announce: (change: RecordedChange) => void;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
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
    const state = options.isTrusted() ? await record(options, row, memory, signal) : row.state;
    followOpenLogs(options, row, memory);
    if (await settle(options, row, state, memory)) memories.delete(jobId);
    return isPending(state, memory) ? PENDING_INTERVAL_MS : undefined;
  };
  return { examine, completeLog: (jobId, podUid) => void memories.get(jobId)?.openLogs.delete(podUid) };
}

/** @returns the job's state after what was recorded */
async function record(
  options: ExamineJobOptions,
  row: WatchedJob,
  memory: JobMemory,
  signal: AbortSignal,
): Promise<JobState> {
  const job = options.cache.findJob(row.id);
  if (job === undefined || job.uid !== armedUid(row.state)) return recordGone(options, row, signal);
  const look = await lookAndConfirm(options, row, job, memory, signal);
  let state = row.state;
  if (!isNews(row, look)) return state;
  for (let from = 0; from === 0 || from < look.changed.length; from += MAX_PODS_PER_RECORDING) {
    const pods = look.changed.slice(from, from + MAX_PODS_PER_RECORDING);
    state = (await recordLook(options, row.id, { ...look, pods }, memory)) ?? state;
  }
  return state;
}

async function recordLook(
  options: ExamineJobOptions,
  jobId: string,
  seen: ObservedJob,
  memory: JobMemory,
): Promise<JobState | undefined> {
  const recorded = await withTransaction(options.database, (tx) => recordObservation(tx, options.lease, jobId, seen));
  if (recorded === undefined) return undefined;
  for (const pod of seen.pods) memory.pods.set(pod.uid, pod);
  rememberRows(memory, recorded.pods);
  if (recorded.change !== undefined) options.announce(recorded.change);
  return recorded.change?.after;
}

/**
 * That no pod is left, or that one has disappeared, is not concluded from caches, which are not in step with each
 * other: the API server itself is asked first.
 */
async function lookAndConfirm(
  options: ExamineJobOptions,
  row: WatchedJob,
  job: KubernetesJob,
  memory: JobMemory,
  signal: AbortSignal,
): Promise<Look> {
  const look = (pods: Iterable<AttemptPod>): Look =>
    // In this order: what is there now is newer than what was there when it went.
    lookAtJob(
      row,
      job,
      memory,
      [...options.cache.departedOf(row.id), ...pods],
      options.cache,
      options.graces,
      options.nowMs(),
    );
  const cached = look(options.cache.podsOf(row.id));
  if (!cached.hasLost && !wouldStop(row.state, cached)) return cached;
  return look(await options.reader.listAttempts(job.namespace, row.id, signal));
}

function wouldStop(state: JobState, look: Look): boolean {
  return !isStopped(state) && isStopped(stateAfter(state, look));
}

function isStopped(state: JobState): boolean {
  return (state.phase === 'ARMED' || state.phase === 'ENDING') && state.stopped;
}

function stateAfter(state: JobState, { observation }: Look): JobState {
  // The time only matters where something changes, and then it is set again under the row's lock.
  return advance(state, { type: 'OBSERVED', at: '', observation });
}

function isNews(row: WatchedJob, look: Look): boolean {
  return (
    look.changed.length > 0 ||
    stateAfter(row.state, look) !== row.state ||
    mergeProgress(row.progress, look.progress) !== row.progress
  );
}

/** The armed Kubernetes Job is not in the cache: only the API server's own "there is none" says that it is gone. */
async function recordGone(options: ExamineJobOptions, row: WatchedJob, signal: AbortSignal): Promise<JobState> {
  const { state } = row;
  const kubernetesUid = armedUid(state);
  if (isStopped(state) || kubernetesUid === null || state.phase === 'QUEUED' || state.placement === null) return state;
  const { namespace } = state.placement;
  const name = kubernetesJobName(row.name, row.id);
  if ((await options.reader.findJobUid(namespace, name, signal)) === kubernetesUid) return state;
  const message = `The Kubernetes Job ${namespace}/${name} was removed from ${options.clusterName} by someone else`;
  const change = await withClusterLease(options.database, options.lease, (tx) =>
    recordEvent(tx, row.id, { type: 'KUBERNETES_JOB_GONE', kubernetesUid, message }),
  );
  if (change !== undefined) options.announce(change);
  return change?.after ?? state;
}

function followOpenLogs({ cache, logs }: ExamineJobOptions, row: WatchedJob, memory: JobMemory): void {
  if (!row.enableLogging || row.state.phase === 'QUEUED' || row.state.placement === null) return;
  const { namespace } = row.state.placement;
  for (const [uid, { podId, name }] of memory.openLogs) {
    const pod = cache.findPod(uid);
    const hasEnded = memory.pods.get(uid)?.status !== 'PENDING' && memory.pods.get(uid)?.status !== 'RUNNING';
    // Of a pod that is there no more, the follower finds out what can still be had.
    if (hasEnded || (pod !== undefined && hasStarted(pod))) {
      logs.follow({ podId, jobId: row.id, uid, namespace, name, hasEnded });
    }
  }
}

/** @returns whether the job has ended now */
async function settle(
  options: ExamineJobOptions,
  row: WatchedJob,
  state: JobState,
  memory: JobMemory,
): Promise<boolean> {
  if (state.phase !== 'ENDING' || !state.stopped) return false;
  memory.stoppedSinceMs ??= options.nowMs();
  const isOver = options.nowMs() - memory.stoppedSinceMs >= options.logDrainMs;
  if (memory.openLogs.size > 0 && !isOver) return false;
  // Followers that still read must not store lines after the gap that ends their log.
  await options.logs.forget(row.id);
  const change = await withTransaction(options.database, (tx) => settleJob(tx, options.lease, row.id, isOver));
  if (change !== undefined) options.announce(change);
  return change !== undefined;
}

function isPending(state: JobState, memory: JobMemory): boolean {
  return (
    state.phase === 'ENDING' ||
    (state.phase === 'ARMED' && state.want === 'SUSPEND' && !state.stopped) ||
    memory.troubles.size > 0
  );
}
