import type { ObservedPod } from '@ccluster/db';
import { parseIndexSet, type JobObservation, type Reason, type TaskProgress } from '@ccluster/domain';
import { findTrueCondition } from '../objects/fields.js';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import { disruptedTooOften } from './disrupted-too-often.js';
import { causeOf, type Finding } from './finding.js';
import { jobVerdict } from './job-verdict.js';
import type { EventsByReason } from './pod-reason.js';
import { isLiveAttempt } from './pod-status.js';
import type { ReasonRules } from './reason-rule.js';
import { taskProgress } from './task-progress.js';
import { findGivenUp, isLimited, troubleOf, type Trouble } from './troubles.js';
import { creationRefusal, waitingReason } from './waiting-reason.js';

/** All that is seen of one Kubernetes Job. */
export interface JobSight {
  readonly job: KubernetesJob;
  readonly completions: number;
  /** All attempts known: those in the cluster, and those that were there. */
  readonly attempts: readonly ObservedPod[];
  readonly jobEvents: EventsByReason;
  readonly rules: ReasonRules;
  /** What holds up the pods that have not started. */
  readonly troubles: readonly Trouble[];
  /** The job's own, as it was recorded last. */
  readonly reason: Reason | null;
  /** Seconds since the newest decision was acknowledged, where the Kubernetes Job has not changed since. */
  readonly quietSeconds: number;
  /** PostgreSQL's clock, milliseconds since 1970. */
  readonly nowMs: number;
}

/** The whole observation of one job, computed afresh each time. */
export function observeJob(sight: JobSight): {
  readonly observation: JobObservation;
  readonly progress: TaskProgress;
  /** Something will not be waited for without end. */
  readonly isLimited: boolean;
} {
  const { job, attempts, completions, rules } = sight;
  const succeeded = parseIndexSet(job.completedIndexes, completions);
  const refusal = creationRefusal({ job, attempts, succeeded }, completions, sight.jobEvents, rules);
  const livePods = attempts.filter(isLiveAttempt).length;
  // While pods run, it is no end that others cannot be made.
  const troubles = livePods === 0 ? refusalTroubles(sight, refusal) : sight.troubles;
  const hopeless = findGivenUp(troubles, rules, sight.nowMs) ?? disruptedTooOften(attempts);
  return {
    progress: taskProgress(attempts, succeeded),
    isLimited: troubles.some(isLimited),
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

function refusalTroubles({ reason, nowMs }: JobSight, refusal: Finding | null): Trouble[] {
  return refusal?.rule == null ? [] : [troubleOf({ rule: refusal.rule, words: refusal.words }, reason, nowMs)];
}

/** A container runs, or has run since the last release: `startTime` is set anew by each. */
function hasRun({ startTime }: KubernetesJob, attempts: readonly ObservedPod[]): boolean {
  return attempts.some(
    (pod) => pod.startedAt !== null && (pod.status === 'RUNNING' || startTime === null || pod.createdAt >= startTime),
  );
}
