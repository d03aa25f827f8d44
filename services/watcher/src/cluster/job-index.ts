import type { ObjectChange } from '@ccluster/kubernetes';
import type { KubernetesJob } from '../objects/kubernetes-job.js';

/** A cluster's Kubernetes Jobs, by the job they belong to and by uid. */
export class JobIndex {
  readonly #byJob = new Map<string, KubernetesJob>();
  readonly #jobIds = new Map<string, string>();

  /** @returns ids of the jobs whose Kubernetes Job changed */
  apply(changes: readonly ObjectChange<KubernetesJob>[]): Set<string> {
    const jobIds = new Set<string>();
    for (const { uid, item, previous } of changes) {
      if (item === undefined && previous !== undefined) this.#delete(uid, previous.jobId);
      if (item !== undefined) {
        this.#byJob.set(item.jobId, item);
        this.#jobIds.set(uid, item.jobId);
      }
      const jobId = item?.jobId ?? previous?.jobId;
      if (jobId !== undefined) jobIds.add(jobId);
    }
    return jobIds;
  }

  find(jobId: string): KubernetesJob | undefined {
    return this.#byJob.get(jobId);
  }

  jobIdOf(uid: string): string | undefined {
    return this.#jobIds.get(uid);
  }

  #delete(uid: string, jobId: string): void {
    this.#jobIds.delete(uid);
    // A namesake may have come before its predecessor was seen to go.
    if (this.#byJob.get(jobId)?.uid === uid) this.#byJob.delete(jobId);
  }
}
