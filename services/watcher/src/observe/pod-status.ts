import type { ObservedPod } from '@ccluster/db';
import type { AttemptPod } from '../objects/kubernetes-pod.js';

/** Status of a pod that is there; LOST is the status of one that is not. */
export type PodPhase = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

/** A container that has exited leaves its pod RUNNING until the pod's own phase says how that counts. */
export function podStatus({ phase, container }: AttemptPod): PodPhase {
  switch (phase) {
    case 'Succeeded':
      return 'SUCCEEDED';
    case 'Failed':
      return 'FAILED';
    case 'Unknown':
      return 'RUNNING';
    default:
      return container.state === 'WAITING' ? 'PENDING' : 'RUNNING';
  }
}

/** It holds its place in the cluster, or may yet. */
export function isLive(pod: AttemptPod): boolean {
  return pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
}

/** The same of one that is recorded. */
export function isLiveAttempt(pod: ObservedPod): boolean {
  return pod.status === 'PENDING' || pod.status === 'RUNNING';
}

/** A container of it ran, or runs: there may be lines in its log. */
export function hasStarted({ container }: AttemptPod): boolean {
  if (container.state === 'RUNNING') return true;
  // Of a container that could not be started the runtime gives no time, or the epoch.
  return container.state === 'TERMINATED' && (container.startedAt?.getTime() ?? 0) > 0;
}
