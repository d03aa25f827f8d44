import {
  advance,
  armedUid,
  describeTransition,
  formatIndexSet,
  withProgress,
  type JobEvent,
  type JobObservation,
  type JobState,
  type TaskProgress,
} from '@ccluster/domain';
import { holdClusterLease, type ClusterLease } from '../clusters/cluster-lease.js';
import type { Queryable } from '../connection/database.js';
import { lockJob, saveJob, type LockedJob, type RecordedChange } from './locked-job.js';
import { savePods, type ObservedPod, type PodRow, type SavedPods } from './save-pods.js';

/** One Kubernetes Job, seen whole. */
export interface ObservedJob {
  readonly observation: JobObservation;
  readonly progress: TaskProgress;
  /** The pods that differ from what was last recorded; at most 2,000 fit one statement. */
  readonly pods: readonly ObservedPod[];
}

export interface RecordedObservation {
  /** undefined: nothing was news. */
  readonly change: RecordedChange | undefined;
  /** Every pod given, as it is stored now, but for those that came late. */
  readonly pods: readonly PodRow[];
}

/**
 * Stores what is seen of a job's Kubernetes Job, with one event for each pod that changed and one for the job, in a
 * transaction fenced by the watcher's lease. Throws `LeaseLost`.
 * @returns undefined where this Kubernetes Job is not, or no longer, the one that counts
 */
export async function recordObservation(
  tx: Queryable,
  lease: ClusterLease,
  jobId: string,
  seen: ObservedJob,
): Promise<RecordedObservation | undefined> {
  await holdClusterLease(tx, lease);
  const job = await lockJob(tx, jobId);
  if (job === undefined || !counts(job.state, lease.clusterId, seen.observation.kubernetesUid)) return undefined;
  const saved = await savePods(tx, job, lease.clusterId, seen.pods);
  return { change: await saveTransition(tx, job, seen, saved), pods: saved.rows };
}

async function saveTransition(
  tx: Queryable,
  job: LockedJob,
  seen: ObservedJob,
  saved: SavedPods,
): Promise<RecordedChange | undefined> {
  const event: JobEvent = { type: 'OBSERVED', at: job.at, observation: seen.observation };
  const state = advance(job.state, event);
  const progress = mergeProgress(job.progress, seen.progress);
  const transition = describeTransition(job.state, state, event);
  const events = transition === null ? saved.events : [...saved.events, transition];
  if (state === job.state && progress === job.progress && events.length === 0) return undefined;
  return saveJob(tx, job, { state, progress, livePods: job.livePods, events });
}

/** Whether observations of this Kubernetes Job count: (cluster, uid) is the armed pair, and the job has not ended. */
function counts(state: JobState, clusterId: string, kubernetesUid: string): boolean {
  if (state.phase !== 'ARMED' && state.phase !== 'ENDING') return false;
  return state.placement?.clusterId === clusterId && armedUid(state) === kubernetesUid;
}

/** What is seen merged into what was known; the same object where that changes nothing. */
export function mergeProgress(known: TaskProgress, seen: TaskProgress): TaskProgress {
  const merged = withProgress(known, seen);
  return textOf(merged) === textOf(known) ? known : merged;
}

function textOf(progress: TaskProgress): string {
  return [progress.succeeded, progress.running, progress.failed].map(formatIndexSet).join(';');
}
