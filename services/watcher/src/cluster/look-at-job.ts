import type { ObservedPod, WatchedJob } from '@ccluster/db';
import { hasIndex, parseIndexSet, type JobObservation, type TaskProgress } from '@ccluster/domain';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import type { AttemptPod } from '../objects/kubernetes-pod.js';
import { observeJob } from '../observe/observe-job.js';
import { lostPod, observePod } from '../observe/observe-pod.js';
import type { EventsByReason } from '../observe/pod-reason.js';
import { isLiveAttempt } from '../observe/pod-status.js';
import type { ReasonRules } from '../observe/reason-rule.js';
import type { Held } from '../observe/troubles.js';
import { isSamePod, type JobMemory } from './job-memory.js';

/** The part of the cluster's cache that a look needs. */
export interface Surroundings {
  eventsOf(uid: string): EventsByReason;
  isNodeReady(name: string): boolean;
}

export interface Look {
  readonly observation: JobObservation;
  readonly progress: TaskProgress;
  /** Attempts that differ from what was last recorded. */
  readonly changed: readonly ObservedPod[];
  /** Some attempt is in the memory, unfinished, and not among the pods. */
  readonly hasLost: boolean;
}

/**
 * What one look shows, beside what was recorded before. Keeps in `memory` only since when things are as they are.
 * @param present the pods that are there, of whatever Kubernetes Job
 */
export function lookAtJob(
  row: WatchedJob,
  job: KubernetesJob,
  memory: JobMemory,
  present: Iterable<AttemptPod>,
  surroundings: Surroundings,
  rules: ReasonRules,
  nowMs: number,
): Look {
  const { attempts, held } = attemptsOf(row, job, memory, present, surroundings, rules);
  const all = [...attempts.values()];
  memory.quiet = quietSince(memory, job, all, nowMs);
  const { observation, progress, troubles } = observeJob({
    job,
    completions: row.completions,
    attempts: all,
    jobEvents: surroundings.eventsOf(job.uid),
    rules,
    held,
    troubles: memory.troubles,
    quietSeconds: memory.quiet === null ? 0 : Math.floor((nowMs - memory.quiet.sinceMs) / 1_000),
    nowMs,
  });
  memory.troubles = troubles;
  const changed = all.filter((pod) => !isRecorded(pod, memory));
  return { observation, progress, changed, hasLost: changed.some((pod) => pod.status === 'LOST') };
}

/** By uid: what is there, and what was there before. */
function attemptsOf(
  row: WatchedJob,
  job: KubernetesJob,
  memory: JobMemory,
  present: Iterable<AttemptPod>,
  surroundings: Surroundings,
  rules: ReasonRules,
): { readonly attempts: Map<string, ObservedPod>; readonly held: Map<string, Held> } {
  const succeeded = parseIndexSet(job.completedIndexes, row.completions);
  const attempts = new Map<string, ObservedPod>();
  const held = new Map<string, Held>();
  for (const pod of present) {
    if (pod.kubernetesUid !== job.uid) continue;
    const context = {
      rules,
      events: surroundings.eventsOf(pod.uid),
      isNodeReady: pod.nodeName === null || surroundings.isNodeReady(pod.nodeName),
      isCounted: hasIndex(succeeded, pod.index),
    };
    const seen = observePod(pod, context, row.enableLogging);
    attempts.set(pod.uid, seen.pod);
    if (seen.held !== null) held.set(pod.uid, seen.held);
  }
  for (const [uid, pod] of memory.pods) {
    if (!attempts.has(uid)) attempts.set(uid, isLiveAttempt(pod) ? lostPod(pod) : pod);
  }
  return { attempts, held };
}

function isRecorded(pod: ObservedPod, memory: JobMemory): boolean {
  const recorded = memory.pods.get(pod.uid);
  return recorded !== undefined && isSamePod(recorded, pod);
}

function quietSince(
  { quiet }: JobMemory,
  { resourceVersion }: KubernetesJob,
  attempts: readonly ObservedPod[],
  nowMs: number,
): JobMemory['quiet'] {
  if (attempts.some(isLiveAttempt)) return null;
  return quiet?.resourceVersion === resourceVersion ? quiet : { resourceVersion, sinceMs: nowMs };
}
