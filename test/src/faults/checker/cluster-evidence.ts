/** One Kubernetes Job as its cluster's API server wrote it down; it may be gone. */
export interface KubernetesJobRecord {
  /** The cluster's name. */
  readonly cluster: string;
  readonly clusterId: string;
  readonly namespace: string;
  readonly name: string;
  /** null: no record names it. */
  readonly uid: string | null;
  readonly jobId: string;
  readonly createdAt: number | null;
  readonly createdBy: string | null;
  /** Each accepted request that said whether it is to be suspended, the first as it was made. */
  readonly changes: readonly SuspendChange[];
  /** Not earlier was it released for the first time; null: it always was suspended. */
  readonly releasedAt: number | null;
  readonly deletedAt: number | null;
  readonly deletedBy: string | null;
  /** The newest status that was written down; null: none was. */
  readonly status: KubernetesJobStatus | null;
}

interface SuspendChange {
  /** When the request came, so not later than it took effect. */
  readonly at: number;
  readonly by: string;
  readonly suspend: boolean;
  /** `ccluster.io/intent`; null where the request does not say. */
  readonly intent: number | null;
}

export interface KubernetesJobStatus {
  /** Kubernetes' text. */
  readonly completedIndexes: string;
  /** The final condition. */
  readonly verdict: 'Complete' | 'Failed' | null;
}

/** One pod as its cluster wrote it down, and as it said itself; it may be gone. */
export interface PodRecord {
  readonly cluster: string;
  readonly clusterId: string;
  readonly name: string;
  readonly uid: string | null;
  readonly jobId: string;
  readonly kubernetesJobUid: string | null;
  readonly index: number | null;
  readonly createdAt: number | null;
  /** Its container had not started before then; null: nothing says that it ever did. */
  readonly startedAt: number | null;
  /** Its container had not ended before then; null: nothing says that it did. */
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  readonly deletedAt: number | null;
}

/** What a cluster holds now. */
export interface LiveObject {
  readonly cluster: string;
  readonly clusterId: string;
  readonly kind: 'Job' | 'Pod' | 'Secret';
  readonly name: string;
  readonly uid: string;
  /** Of its label; null where it has none. */
  readonly jobId: string | null;
  /** uid of the Kubernetes Job that it belongs to: for a Kubernetes Job its own. */
  readonly kubernetesJobUid: string | null;
  readonly createdAt: number;
  /** null: it is not being deleted. */
  readonly deletingSince: number | null;
  /** A pod whose container has neither failed to start nor ended. */
  readonly isRunningPod: boolean;
}
