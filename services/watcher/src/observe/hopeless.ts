import type { ObservedPod } from '@ccluster/db';
import type { Cause } from './pod-reason.js';
import { isDisruption } from './raw-reasons.js';
import type { Graces, Troubles } from './troubles.js';

/** Kubernetes replaces a disrupted pod for ever: this many of one index are enough. */
const MAX_DISRUPTIONS_PER_INDEX = 20;

export interface HopeSight {
  readonly attempts: readonly ObservedPod[];
  /** Why the job controller cannot make a pod; null: it can. */
  readonly refusal: Cause | null;
  readonly troubles: Troubles;
  readonly graces: Graces;
  readonly nowMs: number;
}

/** Why a Kubernetes Job would wait or retry for ever: our own verdict; null while there is hope. */
export function hopelessCause(sight: HopeSight): Cause | null {
  const { attempts, refusal } = sight;
  if (refusal?.code === 'POLICY_REFUSED' && !attempts.some(isLiveAttempt)) return refusal;
  for (const pod of attempts) {
    const cause = hopelessPod(pod, sight);
    if (cause !== null) return cause;
  }
  return disruptedTooOften(attempts);
}

export function isLiveAttempt(pod: ObservedPod): boolean {
  return pod.status === 'PENDING' || pod.status === 'RUNNING';
}

function hopelessPod(pod: ObservedPod, { troubles, graces, nowMs }: HopeSight): Cause | null {
  if (pod.status !== 'PENDING' || pod.reason === null) return null;
  if (pod.reason.code === 'IMAGE_PULL_FAILED') return pod.reason;
  const trouble = troubles.get(pod.uid);
  if (trouble === undefined) return null;
  const heldMs = nowMs - trouble.sinceMs;
  if (trouble.kind === 'SETTINGS') return heldMs >= graces.startErrorMs ? pod.reason : null;
  const refusedMs = trouble.refusedSinceMs === null ? 0 : nowMs - trouble.refusedSinceMs;
  if (trouble.refusedSinceMs !== null && refusedMs >= graces.imagePullRefusedMs)
    return imagePullFailed(pod.reason, refusedMs);
  return heldMs >= graces.imagePullMs ? imagePullFailed(pod.reason, heldMs) : null;
}

function imagePullFailed(reason: Cause, heldMs: number): Cause {
  const words = reason.message.replace(/^[^:]*: /, '');
  return {
    code: 'IMAGE_PULL_FAILED',
    message: `The image could not be pulled for ${Math.round(heldMs / 1_000)} s: ${words}`,
  };
}

function disruptedTooOften(attempts: readonly ObservedPod[]): Cause | null {
  const counts = new Map<number, number>();
  for (const pod of attempts) {
    if (isLiveAttempt(pod) || !isDisruption(pod.reason?.code ?? '')) continue;
    const count = (counts.get(pod.index) ?? 0) + 1;
    if (count >= MAX_DISRUPTIONS_PER_INDEX) {
      const message = `Index ${pod.index} was disrupted ${count} times. The last time: ${pod.reason?.message}`;
      return { code: 'TOO_MANY_DISRUPTIONS', message };
    }
    counts.set(pod.index, count);
  }
  return null;
}
