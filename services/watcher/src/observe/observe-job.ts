import type { ObservedPod } from '@ccluster/db';
import { parseIndexSet, type JobObservation, type TaskProgress } from '@ccluster/domain';
import { findTrueCondition } from '../objects/fields.js';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import { hopelessCause, isLiveAttempt } from './hopeless.js';
import { jobVerdict } from './job-verdict.js';
import type { EventsByReason } from './pod-reason.js';
import { taskProgress } from './task-progress.js';
import type { Graces, Troubles } from './troubles.js';
import { creationRefusal, waitingReason } from './waiting-reason.js';

/** All that is seen of one Kubernetes Job. */
export interface JobSight {
  readonly job: KubernetesJob;
  readonly completions: number;
  /** All attempts known: those in the cluster, and those that were there. */
  readonly attempts: readonly ObservedPod[];
  readonly jobEvents: EventsByReason;
  readonly troubles: Troubles;
  readonly graces: Graces;
  /** Seconds that the Kubernetes Job has stood unchanged without a live pod. */
  readonly quietSeconds: number;
  /** The watcher's own clock; only compared with itself. */
  readonly nowMs: number;
}

/** The whole observation of one job, computed afresh each time. */
export function observeJob(sight: JobSight): { readonly observation: JobObservation; readonly progress: TaskProgress } {
  const { job, attempts, completions } = sight;
  const succeeded = parseIndexSet(job.completedIndexes, completions);
  const refusal = creationRefusal({ job, attempts, succeeded }, completions, sight.jobEvents);
  const livePods = attempts.filter(isLiveAttempt).length;
  return {
    progress: taskProgress(attempts, succeeded),
    observation: {
      kubernetesUid: job.uid,
      resourceVersion: job.resourceVersion,
      intent: job.intent,
      suspended: findTrueCondition(job.conditions, 'Suspended') !== undefined,
      livePods,
      quietSeconds: livePods === 0 ? sight.quietSeconds : 0,
      ran: hasRun(job, attempts),
      waiting: waitingReason({ job, attempts, succeeded, refusal }),
      verdict: jobVerdict(job.conditions, attempts),
      hopeless: job.suspend ? null : hopelessCause({ ...sight, refusal }),
    },
  };
}

/** A container runs, or has run since the last release: `startTime` is set anew by each. */
function hasRun({ startTime }: KubernetesJob, attempts: readonly ObservedPod[]): boolean {
  return attempts.some(
    (pod) => pod.startedAt !== null && (pod.status === 'RUNNING' || startTime === null || pod.createdAt >= startTime),
  );
}
