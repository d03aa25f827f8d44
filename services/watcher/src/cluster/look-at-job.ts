import type { ObservedPod, WatchedJob } from '@ccluster/db';
import { hasIndex, parseIndexSet, type JobObservation, type JobState, type TaskProgress } from '@ccluster/domain';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import type { AttemptStart } from '../objects/kubernetes-event.js';
import type { AttemptPod } from '../objects/kubernetes-pod.js';
import { observeJob } from '../observe/observe-job.js';
import { lostPod, observePod, unseenPod } from '../observe/observe-pod.js';
import type { EventsByReason } from '../observe/pod-reason.js';
import { isLiveAttempt } from '../observe/pod-status.js';
import type { ReasonRules } from '../observe/reason-rule.js';
import { troubleOf, type Trouble } from '../observe/troubles.js';
import { isSamePod, type JobMemory } from './job-memory.js';

/** The part of the cluster's cache that a look needs. */
export interface Surroundings {
  eventsOf(uid: string): EventsByReason;
  startsOf(jobId: string): ReadonlyMap<string, AttemptStart>;
  isNodeReady(name: string): boolean;
}

export interface Look {
  readonly observation: JobObservation;
  readonly progress: TaskProgress;
  /** Attempts that differ from what was last recorded. */
  readonly changed: readonly ObservedPod[];
  /** Some attempt is in the memory, unfinished, or has started, and is not among the pods. */
  readonly hasLost: boolean;
  /** Something will not be waited for without end. */
  readonly isLimited: boolean;
}

/**
 * What one look shows, beside what was recorded before.
 * @param present the pods that are there, of whatever Kubernetes Job
 */
export function lookAtJob(
  row: WatchedJob,
  job: KubernetesJob,
  memory: JobMemory,
  present: Iterable<AttemptPod>,
  surroundings: Surroundings,
  rules: ReasonRules,
): Look {
  const nowMs = row.now.getTime();
  const { attempts, troubles } = attemptsOf(row, job, memory, present, surroundings, rules);
  const all = [...attempts.values()];
  const { observation, progress, isLimited } = observeJob({
    job,
    completions: row.completions,
    attempts: all,
    jobEvents: surroundings.eventsOf(job.uid),
    rules,
    troubles,
    reason: row.state.reason,
    quietSeconds: quietSeconds(row.state, job, nowMs),
    nowMs,
  });
  const changed = all.filter((pod) => !isRecorded(pod, memory));
  return { observation, progress, changed, hasLost: changed.some((pod) => pod.status === 'LOST'), isLimited };
}

/** By uid: what is there, what was there before, and what came and went unseen. */
function attemptsOf(
  row: WatchedJob,
  job: KubernetesJob,
  memory: JobMemory,
  present: Iterable<AttemptPod>,
  surroundings: Surroundings,
  rules: ReasonRules,
): { readonly attempts: Map<string, ObservedPod>; readonly troubles: readonly Trouble[] } {
  const succeeded = parseIndexSet(job.completedIndexes, row.completions);
  const attempts = new Map<string, ObservedPod>();
  const troubles = new Map<string, Trouble>();
  for (const pod of present) {
    if (pod.kubernetesUid !== job.uid) continue;
    const context = {
      rules,
      events: surroundings.eventsOf(pod.uid),
      isNodeReady: pod.nodeName === null || surroundings.isNodeReady(pod.nodeName),
      isCounted: hasIndex(succeeded, pod.index),
    };
    const recorded = memory.reasons.get(pod.uid) ?? null;
    const seen = observePod(pod, context, row.enableLogging, recorded);
    attempts.set(pod.uid, seen.pod);
    if (seen.held !== null) troubles.set(pod.uid, troubleOf(seen.held, recorded, row.now.getTime()));
  }
  for (const [uid, pod] of memory.pods) {
    if (!attempts.has(uid)) attempts.set(uid, isLiveAttempt(pod) ? lostPod(pod) : pod);
  }
  for (const [uid, start] of surroundings.startsOf(row.id)) {
    if (!attempts.has(uid)) attempts.set(uid, unseenPod(start, row.enableLogging));
  }
  return { attempts, troubles: [...troubles.values()] };
}

function isRecorded(pod: ObservedPod, memory: JobMemory): boolean {
  const recorded = memory.pods.get(pod.uid);
  return recorded !== undefined && isSamePod(recorded, pod);
}

function quietSeconds(state: JobState, job: KubernetesJob, nowMs: number): number {
  const intent = state.phase === 'ARMED' ? state.intent : state.phase === 'ENDING' ? state.armed?.intent : undefined;
  if (intent?.appliedAt == null || intent.resourceVersion !== job.resourceVersion) return 0;
  return Math.floor((nowMs - Date.parse(intent.appliedAt)) / 1_000);
}
