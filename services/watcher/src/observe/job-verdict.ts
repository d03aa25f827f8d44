import type { ObservedPod } from '@ccluster/db';
import type { Verdict } from '@ccluster/domain';
import { findTrueCondition, type Condition } from '../objects/fields.js';
import { codeOfReason } from './raw-reasons.js';

/**
 * Kubernetes' verdict: from the conditions and never from counts. The interim conditions give the outcome while pods
 * are still ending; they carry the same reason as the final ones.
 */
export function jobVerdict(conditions: readonly Condition[], attempts: readonly ObservedPod[]): Verdict | null {
  const complete = findTrueCondition(conditions, 'Complete');
  const failed = findTrueCondition(conditions, 'Failed');
  const succeeding = complete ?? findTrueCondition(conditions, 'SuccessCriteriaMet');
  const failing = failed ?? findTrueCondition(conditions, 'FailureTarget');
  if (failing !== undefined && complete === undefined) return failure(failing, failed !== undefined, attempts);
  if (succeeding === undefined) return null;
  const message = succeeding.message || 'All tasks succeeded';
  return {
    outcome: 'SUCCEEDED',
    code: codeOfReason(succeeding.reason || 'Complete'),
    message,
    final: complete !== undefined,
  };
}

/** Where no attempt ever started, that is what the caller has to mend; else the last failure says more than a count. */
function failure(condition: Condition, final: boolean, attempts: readonly ObservedPod[]): Verdict {
  const failures = attempts.filter((pod) => pod.status === 'FAILED').toSorted(byEnd);
  const last = failures.at(-1);
  const code = codeOfReason(condition.reason);
  const sentence = condition.message || condition.reason;
  if (code !== 'BACKOFF_LIMIT_EXCEEDED' || last?.reason == null)
    return { outcome: 'FAILED', code, message: sentence, final };
  const neverStarted = failures.every((pod) => pod.reason?.code === 'CONTAINER_START_FAILED');
  return {
    outcome: 'FAILED',
    code: neverStarted ? 'CONTAINER_START_FAILED' : code,
    message: `${sentence}. The last failure, index ${last.index}: ${last.reason.message}`,
    final,
  };
}

function byEnd(left: ObservedPod, right: ObservedPod): number {
  const endOf = (pod: ObservedPod): number => (pod.finishedAt ?? pod.createdAt).getTime();
  return endOf(left) - endOf(right) || left.index - right.index;
}
