import type { ObservedPod } from '@ccluster/db';
import type { Cause } from './finding.js';
import { isLiveAttempt } from './pod-status.js';
import { isDisruption } from './raw-reasons.js';

/** Kubernetes replaces a disrupted pod for ever: this many of one index are enough. */
const MAX_DISRUPTIONS_PER_INDEX = 20;

/** Why no further pod is waited for; null while there is hope. */
export function disruptedTooOften(attempts: readonly ObservedPod[]): Cause | null {
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
