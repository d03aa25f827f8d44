import type { ObjectChange } from '@ccluster/kubernetes';
import type { AttemptStart, KubernetesEvent } from '../objects/kubernetes-event.js';

const noStarts: ReadonlyMap<string, AttemptStart> = new Map();

/**
 * Which attempts have started, by the cluster's events: these outlive a pod by an hour, so they also tell of one that
 * came and went while nobody watched.
 */
export class StartIndex {
  readonly #byJob = new Map<string, Map<string, AttemptStart>>();

  /** @returns ids of the jobs of which an attempt has started */
  apply(changes: readonly ObjectChange<KubernetesEvent>[]): Set<string> {
    const jobIds = new Set<string>();
    for (const { item, previous } of changes) {
      if (item === undefined && previous?.start != null) this.#delete(previous.start);
      if (item?.start == null) continue;
      this.#put(item.start);
      jobIds.add(item.start.jobId);
    }
    return jobIds;
  }

  /** By uid. */
  startsOf(jobId: string): ReadonlyMap<string, AttemptStart> {
    return this.#byJob.get(jobId) ?? noStarts;
  }

  #put(start: AttemptStart): void {
    const ofJob = this.#byJob.get(start.jobId);
    if (ofJob === undefined) this.#byJob.set(start.jobId, new Map([[start.uid, start]]));
    else ofJob.set(start.uid, start);
  }

  #delete({ jobId, uid }: AttemptStart): void {
    const ofJob = this.#byJob.get(jobId);
    ofJob?.delete(uid);
    if (ofJob?.size === 0) this.#byJob.delete(jobId);
  }
}
