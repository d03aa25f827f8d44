import type { ObservedPod } from '@ccluster/db';
import { countIndexes, hasIndex, type IndexSet } from '@ccluster/domain';
import type { KubernetesJob } from '../objects/kubernetes-job.js';
import { findingOf, type Cause, type Finding } from './finding.js';
import type { EventsByReason } from './pod-reason.js';
import { isLiveAttempt } from './pod-status.js';
import { isForeignEnd } from './raw-reasons.js';
import type { ReasonRules } from './reason-rule.js';
import { newestByIndex } from './task-progress.js';

/** Of several reasons the first says most; what is not named comes after. */
const PRIORITY = [
  'NODE_LOST',
  'IMAGE_PULL_FAILED',
  'CONFIG_ERROR',
  'CONTAINER_START_FAILED',
  'IMAGE_PULL_RETRYING',
  'UNSCHEDULABLE',
  'SCHEDULING_GATED',
  'POD_SETUP_FAILED',
  'IMAGE_PULLING',
];
/** Part of every start: while other pods run they are no news of the job. */
const PASSING_CODES = new Set(['IMAGE_PULLING', 'POD_SETUP_FAILED']);

export interface WaitingSight {
  readonly job: KubernetesJob;
  readonly attempts: readonly ObservedPod[];
  readonly succeeded: IndexSet;
  /** Why the job controller cannot make a pod; null: it can. */
  readonly refusal: Cause | null;
}

/** What a job waits for in its cluster; null where nothing is known that would not pass by itself in a moment. */
export function waitingReason({ job, attempts, succeeded, refusal }: WaitingSight): Cause | null {
  if (job.suspend) return null;
  const live = attempts.filter(isLiveAttempt);
  if (live.length === 0) return refusal ?? retryReason(attempts, succeeded);
  const isRunning = live.some((pod) => pod.status === 'RUNNING' && pod.reason === null);
  return podsReason(live, isRunning) ?? refusal;
}

function podsReason(live: readonly ObservedPod[], isRunning: boolean): Cause | null {
  const reasons = live.flatMap(({ reason }) =>
    reason === null || (isRunning && PASSING_CODES.has(reason.code)) ? [] : [reason],
  );
  const first = reasons.toSorted((left, right) => rank(left.code) - rank(right.code))[0];
  if (first === undefined) return null;
  const count = reasons.filter((reason) => reason.code === first.code).length;
  return live.length === 1 ? first : { code: first.code, message: `${count} of ${live.length} pods: ${first.message}` };
}

function rank(code: string): number {
  const position = PRIORITY.indexOf(code);
  return position === -1 ? PRIORITY.length : position;
}

/** No pod is there, and an index that has not succeeded failed last: Kubernetes pauses before it tries again. */
function retryReason(attempts: readonly ObservedPod[], succeeded: IndexSet): Cause | null {
  const failed = newestByIndex(attempts)
    .filter(
      (pod) => pod.status === 'FAILED' && !hasIndex(succeeded, pod.index) && !isForeignEnd(pod.reason?.code ?? ''),
    )
    .toSorted((left, right) => left.index - right.index);
  const first = failed[0];
  if (first === undefined) return null;
  const others = failed.length === 1 ? '' : `, and ${failed.length - 1} more`;
  const words = first.reason?.message ?? 'no reason given';
  return {
    code: 'RETRY_BACKOFF',
    message: `Index ${first.index} failed (${words})${others}: tried again after a pause`,
  };
}

/**
 * Why the job controller cannot make the pods that are missing, from its newest `FailedCreate` event; null where it
 * could since. Both times are the cluster's.
 */
export function creationRefusal(
  sight: Omit<WaitingSight, 'refusal'>,
  completions: number,
  jobEvents: EventsByReason,
  rules: ReasonRules,
): Finding | null {
  const event = jobEvents.get('FailedCreate');
  const { job, attempts, succeeded } = sight;
  if (event === undefined || job.suspend) return null;
  const wanted = Math.min(job.parallelism, completions - countIndexes(succeeded));
  if (attempts.filter(isLiveAttempt).length >= wanted) return null;
  const lastCreatedMs = attempts.reduce(
    (newestMs, pod) => Math.max(newestMs, pod.createdAt.getTime()),
    job.startTime?.getTime() ?? 0,
  );
  return event.atMs < lastCreatedMs ? null : findingOf(rules, 'FAILED_CREATE', event.reason, event.message);
}
