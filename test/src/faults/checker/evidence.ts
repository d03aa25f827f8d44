import type { HistoryEvidence } from './history-evidence.js';
import type { KubernetesJobRecord, LiveObject, PodRecord } from './cluster-evidence.js';
import type { StoredJob } from './stored-job.js';

/**
 * All that is known of an installation when the faults are over, from the outside: what its callers were told, what
 * PostgreSQL holds, and what the clusters themselves wrote down. Nothing in it is the application's word about itself
 * but the rows, and those are what is judged. All times are milliseconds since 1970, on this machine's clock.
 */
export interface Evidence {
  readonly gatheredAt: number;
  readonly history: HistoryEvidence;
  /** By id; deleted ones too, until their row is gone. */
  readonly jobs: ReadonlyMap<string, StoredJob>;
  /** Job id by request id, as idempotency keys. */
  readonly requests: ReadonlyMap<string, string>;
  /** By the id of the job they were made for: of all clusters, those that are gone too. */
  readonly kubernetesJobs: ReadonlyMap<string, readonly KubernetesJobRecord[]>;
  readonly pods: ReadonlyMap<string, readonly PodRecord[]>;
  /** Job id by the name of its Kubernetes Job. */
  readonly jobOfName: ReadonlyMap<string, string>;
  /** What the clusters hold of this installation now. */
  readonly liveObjects: readonly LiveObject[];
}

/** Pods that ran a container. */
export function startedPods({ pods }: Evidence, jobId: string): (PodRecord & { readonly startedAt: number })[] {
  return (pods.get(jobId) ?? []).filter(hasStarted);
}

function hasStarted(pod: PodRecord): pod is PodRecord & { readonly startedAt: number } {
  return pod.startedAt !== null;
}

/** When the first Kubernetes Job of a job was released; null: none ever was. */
export function firstReleaseOf({ kubernetesJobs }: Evidence, jobId: string): number | null {
  const releases = (kubernetesJobs.get(jobId) ?? []).flatMap(({ releasedAt }) => releasedAt ?? []);
  return releases.length === 0 ? null : Math.min(...releases);
}

/** For a sentence: `12:00:00.000`, in UTC. */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
