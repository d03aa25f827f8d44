import type { ObservedPod } from '@ccluster/db';
import { parseIndexSet, type JobObservation, type TaskProgress } from '@ccluster/domain';
import { findTrueCondition } from '../objects/fields.js';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import { disruptedTooOften } from './disrupted-too-often.js';
import { causeOf, type Finding } from './finding.js';
import { jobVerdict } from './job-verdict.js';
import type { EventsByReason } from './pod-reason.js';
import { isLiveAttempt } from './pod-status.js';
import type { ReasonRules } from './reason-rule.js';
import { taskProgress } from './task-progress.js';
import { findGivenUp, withTroubles, type Held, type Troubles } from './troubles.js';
import { creationRefusal, waitingReason } from './waiting-reason.js';

/** All that is seen of one Kubernetes Job. */
export interface JobSight {
  readonly job: KubernetesJob;
  readonly completions: number;
  /** All attempts known: those in the cluster, and those that were there. */
  readonly attempts: readonly ObservedPod[];
  readonly jobEvents: EventsByReason;
  readonly rules: ReasonRules;
  /** By uid: what holds up the pods that have not started. */
  readonly held: ReadonlyMap<string, Held>;
  /** What was in trouble at the look before. */
  readonly troubles: Troubles;
  /** Seconds that the Kubernetes Job has stood unchanged without a live pod. */
  readonly quietSeconds: number;
  /** The watcher's own clock; only compared with itself. */
  readonly nowMs: number;
}

/** The whole observation of one job, computed afresh each time. */
export function observeJob(sight: JobSight): {
  readonly observation: JobObservation;
  readonly progress: TaskProgress;
  readonly troubles: Troubles;
} {
  const { job, attempts, completions, rules } = sight;
  const succeeded = parseIndexSet(job.completedIndexes, completions);
  const refusal = creationRefusal({ job, attempts, succeeded }, completions, sight.jobEvents, rules);
  const livePods = attempts.filter(isLiveAttempt).length;
  const held = livePods === 0 ? withRefusal(sight.held, job.uid, refusal) : sight.held;
  const troubles = withTroubles(sight.troubles, held, sight.nowMs);
  const hopeless = findGivenUp(troubles, rules, sight.nowMs) ?? disruptedTooOften(attempts);
  return {
    progress: taskProgress(attempts, succeeded),
    troubles,
    observation: {
      kubernetesUid: job.uid,
      resourceVersion: job.resourceVersion,
      intent: job.intent,
      suspended: findTrueCondition(job.conditions, 'Suspended') !== undefined,
      livePods,
      quietSeconds: livePods === 0 ? sight.quietSeconds : 0,
      ran: hasRun(job, attempts),
      waiting: waitingReason({ job, attempts, succeeded, refusal: refusal === null ? null : causeOf(refusal) }),
      verdict: jobVerdict(job.conditions, attempts),
      hopeless: job.suspend ? null : hopeless,
    },
  };
}

/** While pods run, it is no end that others cannot be made. */
function withRefusal(
  held: ReadonlyMap<string, Held>,
  kubernetesUid: string,
  refusal: Finding | null,
): ReadonlyMap<string, Held> {
  if (refusal?.rule == null) return held;
  return new Map([[kubernetesUid, { rule: refusal.rule, words: refusal.words }], ...held]);
}

/** A container runs, or has run since the last release: `startTime` is set anew by each. */
function hasRun({ startTime }: KubernetesJob, attempts: readonly ObservedPod[]): boolean {
  return attempts.some(
    (pod) => pod.startedAt !== null && (pod.status === 'RUNNING' || startTime === null || pod.createdAt >= startTime),
  );
}
