import {
  mergeProgress,
  recordEvent,
  recordObservation,
  withClusterLease,
  withTransaction,
  type ClusterLease,
  type Database,
  type ObservedJob,
  type RecordedChange,
  type WatchedJob,
} from '@ccluster/db';
import { advance, armedUid, kubernetesJobName, type JobState } from '@ccluster/domain';
import type { AtRisk } from '@ccluster/runtime';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import type { AttemptPod } from '../objects/kubernetes-pod.js';
import type { ReasonRules } from '../observe/reason-rule.js';
import type { ClusterCache } from './cluster-cache.js';
import type { ClusterReader } from './cluster-reader.js';
import { rememberRows, type JobMemory } from './job-memory.js';
import { lookAtJob, type Look } from './look-at-job.js';
import { traceChange } from './trace-change.js';

/** Pods recorded in one transaction; the others follow in the next. */
const MAX_PODS_PER_RECORDING = 1_000;

export interface RecordJobOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  readonly clusterName: string;
  readonly cache: Pick<ClusterCache, 'findJob' | 'podsOf' | 'departedOf' | 'eventsOf' | 'startsOf' | 'isNodeReady'>;
  readonly reader: ClusterReader;
  readonly rules: ReasonRules;
  /** Tells of what was committed. */
  readonly announce: (change: RecordedChange) => void;
  readonly atRisk: AtRisk<'watcher'>;
}

export interface RecordedJob {
  /** The job's, after that. */
  readonly state: JobState;
  /** Something will not be waited for without end: time alone may change the job. */
  readonly isLimited: boolean;
}

/** Records what is new about a job in its cluster. */
export async function recordJob(
  options: RecordJobOptions,
  row: WatchedJob,
  memory: JobMemory,
  signal: AbortSignal,
): Promise<RecordedJob> {
  const job = options.cache.findJob(row.id);
  if (job === undefined || job.uid !== armedUid(row.state))
    return { state: await recordGone(options, row, signal), isLimited: false };
  const look = await lookAndConfirm(options, row, job, memory, signal);
  const { isLimited } = look;
  let state = row.state;
  if (!isNews(row, look)) return { state, isLimited };
  for (let from = 0; from === 0 || from < look.changed.length; from += MAX_PODS_PER_RECORDING) {
    const pods = look.changed.slice(from, from + MAX_PODS_PER_RECORDING);
    state = (await recordLook(options, row, { ...look, pods }, memory)) ?? state;
  }
  return { state, isLimited };
}

async function recordLook(
  options: RecordJobOptions,
  row: WatchedJob,
  seen: ObservedJob,
  memory: JobMemory,
): Promise<JobState | undefined> {
  const beganMs = Date.now();
  const recorded = await options.atRisk('record observation', () =>
    withTransaction(options.database, (tx) => recordObservation(tx, options.lease, row.id, seen)),
  );
  if (recorded === undefined) return undefined;
  for (const pod of seen.pods) memory.pods.set(pod.uid, pod);
  rememberRows(memory, recorded.pods);
  if (recorded.change !== undefined) {
    traceChange('record observation', row, recorded.change, beganMs);
    options.announce(recorded.change);
  }
  return recorded.change?.after;
}

/**
 * That no pod is left, or that one has disappeared, is not concluded from caches, which are not in step with each
 * other: the API server itself is asked first.
 */
async function lookAndConfirm(
  options: RecordJobOptions,
  row: WatchedJob,
  job: KubernetesJob,
  memory: JobMemory,
  signal: AbortSignal,
): Promise<Look> {
  const look = (pods: Iterable<AttemptPod>): Look =>
    // In this order: what is there now is newer than what was there when it went.
    lookAtJob(row, job, memory, [...options.cache.departedOf(row.id), ...pods], options.cache, options.rules);
  const cached = look(options.cache.podsOf(row.id));
  if (!cached.hasLost && !wouldStop(row.state, cached)) return unconfirmed(cached);
  return look(await options.reader.listAttempts(job.namespace, row.id, signal));
}

/** The row may change between this look and its recording: what was not confirmed must not end as "no pod is left". */
function unconfirmed(look: Look): Look {
  return { ...look, observation: { ...look.observation, livePods: Math.max(1, look.observation.livePods) } };
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
async function recordGone(options: RecordJobOptions, row: WatchedJob, signal: AbortSignal): Promise<JobState> {
  const { state } = row;
  const kubernetesUid = armedUid(state);
  if (isStopped(state) || kubernetesUid === null || state.phase === 'QUEUED' || state.placement === null) return state;
  const { namespace } = state.placement;
  const name = kubernetesJobName(row.name, row.id);
  if ((await options.reader.findJobUid(namespace, name, signal)) === kubernetesUid) return state;
  const message = `The Kubernetes Job ${namespace}/${name} was removed from ${options.clusterName} by someone else`;
  const beganMs = Date.now();
  const change = await options.atRisk('record gone', () =>
    withClusterLease(options.database, options.lease, (tx) =>
      recordEvent(tx, row.id, { type: 'KUBERNETES_JOB_GONE', kubernetesUid, message }),
    ),
  );
  if (change !== undefined) {
    traceChange('record gone', row, change, beganMs);
    options.announce(change);
  }
  return change?.after ?? state;
}
