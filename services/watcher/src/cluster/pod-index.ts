import type { ObjectChange } from '@ccluster/kubernetes';
import type { AttemptPod, KubernetesPod } from '../objects/kubernetes-pod.js';

const noPods: ReadonlyMap<string, AttemptPod> = new Map();

/** Our attempts among a cluster's pods, by job and by uid. */
export class PodIndex {
  readonly #byJob = new Map<string, Map<string, AttemptPod>>();
  readonly #byUid = new Map<string, AttemptPod>();

  /** @returns ids of the jobs whose attempts changed */
  apply(changes: readonly ObjectChange<KubernetesPod>[]): Set<string> {
    const jobIds = new Set<string>();
    for (const { item, previous } of changes) {
      const before = previous?.attempt ?? null;
      const after = item?.attempt ?? null;
      if (before !== null && before.uid !== after?.uid) this.#delete(before);
      if (after !== null) this.#put(after);
      for (const attempt of [before, after]) if (attempt !== null) jobIds.add(attempt.jobId);
    }
    return jobIds;
  }

  /** By uid. */
  podsOf(jobId: string): ReadonlyMap<string, AttemptPod> {
    return this.#byJob.get(jobId) ?? noPods;
  }

  find(uid: string): AttemptPod | undefined {
    return this.#byUid.get(uid);
  }

  jobsOnNode(nodeName: string): Set<string> {
    const pods = [...this.#byUid.values()].filter((pod) => pod.nodeName === nodeName);
    return new Set(pods.map((pod) => pod.jobId));
  }

  #put(attempt: AttemptPod): void {
    this.#byUid.set(attempt.uid, attempt);
    const pods = this.#byJob.get(attempt.jobId);
    if (pods === undefined) this.#byJob.set(attempt.jobId, new Map([[attempt.uid, attempt]]));
    else pods.set(attempt.uid, attempt);
  }

  #delete(attempt: AttemptPod): void {
    this.#byUid.delete(attempt.uid);
    const pods = this.#byJob.get(attempt.jobId);
    pods?.delete(attempt.uid);
    if (pods?.size === 0) this.#byJob.delete(attempt.jobId);
  }
}
