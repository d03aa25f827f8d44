import type { PodStatus } from '@ccluster/db';
import type { V1Job, V1Pod } from '@kubernetes/client-node';

const PENDING = 0;
const RUNNING = 1;
const ENDED = 2;
/** A pod goes through its stages in one direction, and may leave some out. */
export const GONE = 3;

/** How far a pod is. */
export function podStage({ status }: Pick<V1Pod, 'status'>): number {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return ENDED;
  const [container] = status?.containerStatuses ?? [];
  return status?.phase === 'Running' && container?.state?.waiting === undefined ? RUNNING : PENDING;
}

/** How far the product shows a pod to be. */
export function shownStage(status: PodStatus): number {
  if (status === 'PENDING') return PENDING;
  return status === 'RUNNING' ? RUNNING : GONE;
}

/** Kubernetes makes no more pods for it. */
export function isOver({ status }: Pick<V1Job, 'status'>): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
}
