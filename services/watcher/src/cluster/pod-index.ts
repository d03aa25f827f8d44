import type { ObjectChange } from '@ccluster/kubernetes';
import type { AttemptPod, KubernetesPod } from '../objects/kubernetes-pod.js';
import { hasStarted, isLive } from '../observe/pod-status.js';

/** Results kept of pods that are gone: enough for what happens between two looks at a job. */
const MAX_DEPARTED = 10_000;

const noPods: ReadonlyMap<string, AttemptPod> = new Map();

/**
 * Our attempts among a cluster's pods, by job and by uid. A pod that ended and was removed at once keeps its result
 * here for a while: its end and its removal often come together, and one look at its job must still see how it ended.
 */
export class PodIndex {
  readonly #byJob = new Map<string, Map<string, AttemptPod>>();
  readonly #byUid = new Map<string, AttemptPod>();
  /** By uid: those that were seen before their container started. */
  readonly #seenWaiting = new Set<string>();
  /** By job, the one that lost a pod first first. */
  readonly #departed = new Map<string, AttemptPod[]>();
  #departedCount = 0;

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

  /** Those of a job that had ended when they were removed. */
  departedOf(jobId: string): readonly AttemptPod[] {
    return this.#departed.get(jobId) ?? [];
  }

  find(uid: string): AttemptPod | undefined {
    return this.#byUid.get(uid);
  }

  /** Its start was not missed. */
  wasSeenWaiting(uid: string): boolean {
    return this.#seenWaiting.has(uid);
  }

  jobsOnNode(nodeName: string): Set<string> {
    const pods = [...this.#byUid.values()].filter((pod) => pod.nodeName === nodeName);
    return new Set(pods.map((pod) => pod.jobId));
  }

  #put(attempt: AttemptPod): void {
    this.#byUid.set(attempt.uid, attempt);
    if (isLive(attempt) && !hasStarted(attempt)) this.#seenWaiting.add(attempt.uid);
    const pods = this.#byJob.get(attempt.jobId);
    if (pods === undefined) this.#byJob.set(attempt.jobId, new Map([[attempt.uid, attempt]]));
    else pods.set(attempt.uid, attempt);
  }

  #delete(attempt: AttemptPod): void {
    this.#byUid.delete(attempt.uid);
    this.#seenWaiting.delete(attempt.uid);
    if (!isLive(attempt)) this.#remember(attempt);
    const pods = this.#byJob.get(attempt.jobId);
    pods?.delete(attempt.uid);
    if (pods?.size === 0) this.#byJob.delete(attempt.jobId);
  }

  #remember(attempt: AttemptPod): void {
    const ofJob = this.#departed.get(attempt.jobId) ?? [];
    ofJob.push(attempt);
    this.#departed.set(attempt.jobId, ofJob);
    this.#departedCount += 1;
    for (const [jobId, pods] of this.#departed) {
      if (this.#departedCount <= MAX_DEPARTED) return;
      this.#departed.delete(jobId);
      this.#departedCount -= pods.length;
    }
  }
}
