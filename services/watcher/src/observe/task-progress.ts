import type { ObservedPod } from '@ccluster/db';
import { unionIndexes, type IndexSet, type TaskProgress } from '@ccluster/domain';
import { isForeignEnd } from './raw-reasons.js';

/**
 * Where the tasks are: success is what Kubernetes counted, and nothing else; the rest follows from the attempts.
 * @param succeeded Kubernetes' `completedIndexes`
 */
export function taskProgress(attempts: readonly ObservedPod[], succeeded: IndexSet): TaskProgress {
  const newest = newestByIndex(attempts);
  const indexesOf = (isOne: (pod: ObservedPod) => boolean): IndexSet =>
    unionIndexes(
      [],
      newest.filter(isOne).map((pod) => [pod.index, pod.index]),
    );
  return {
    succeeded,
    running: indexesOf((pod) => pod.status === 'RUNNING'),
    failed: indexesOf((pod) => pod.status === 'FAILED' && !isForeignEnd(pod.reason?.code ?? '')),
  };
}

/** One attempt for each index that has any. */
export function newestByIndex(attempts: readonly ObservedPod[]): ObservedPod[] {
  const newest = new Map<number, ObservedPod>();
  for (const pod of attempts) {
    const other = newest.get(pod.index);
    if (other === undefined || isNewer(pod, other)) newest.set(pod.index, pod);
  }
  return [...newest.values()];
}

/** Kubernetes can, rarely, have two pods of an index at once: then the one that runs counts. */
function isNewer(pod: ObservedPod, other: ObservedPod): boolean {
  if ((pod.status === 'RUNNING') !== (other.status === 'RUNNING')) return pod.status === 'RUNNING';
  const ageMs = pod.createdAt.getTime() - other.createdAt.getTime();
  return ageMs === 0 ? pod.uid > other.uid : ageMs > 0;
}
