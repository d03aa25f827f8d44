import type { JobSecrets, JobSpec } from '@ccluster/domain';

/**
 * All that the dispatcher does to one cluster. Every call ends within 10 s, is made once, and fails with a
 * `ClusterFault` or with the signal's reason.
 */
export interface ClusterWriter {
  /** Suspended. `undefined` where something has that name already. */
  postJob(order: JobOrder, signal: AbortSignal): Promise<PostedJob | undefined>;
  /** `undefined` only where the API server itself said that there is none. */
  findJob(where: KubernetesName, signal: AbortSignal): Promise<SeenKubernetesJob | undefined>;
  /** Its pods and Secrets follow. Nothing happens where it is gone or another has its name. */
  deleteJob(job: KubernetesJobRef, signal: AbortSignal): Promise<void>;
  /**
   * Sets the tasks that need not run in the status of a suspended Kubernetes Job that was never released, and reads it
   * back. May be repeated.
   * @returns false where it is another one, is not suspended, or does not hold what was set
   */
  inheritTasks(job: KubernetesJobRef, inherited: InheritedStatus, signal: AbortSignal): Promise<boolean>;
  /** The Secrets of an order; they go when the Kubernetes Job goes. */
  postSecrets(order: JobOrder, owner: KubernetesJobRef, secrets: JobSecrets, signal: AbortSignal): Promise<void>;
  /**
   * Raises the intent from exactly `from` and suspends or releases, in one step or not at all.
   * @returns the new resourceVersion; `undefined` where the uid or the intent is another
   */
  changeIntent(job: KubernetesJobRef, change: IntentChange, signal: AbortSignal): Promise<string | undefined>;
  /** Every Kubernetes Job of this installation in a namespace, a page at a time; whichever cluster it was made for. */
  listJobs(namespace: string, signal: AbortSignal): AsyncIterable<readonly SeenKubernetesJob[]>;
  /** Throws where another cluster than the registered one answers: what is missing there says nothing. */
  verifyIdentity(signal: AbortSignal): Promise<void>;
}

export interface KubernetesName {
  readonly namespace: string;
  readonly name: string;
}

export interface KubernetesJobRef extends KubernetesName {
  readonly uid: string;
}

export interface SeenKubernetesJob extends KubernetesJobRef {
  readonly resourceVersion: string;
  /** The job it was made for; null where this installation did not make it for this cluster. */
  readonly jobId: string | null;
  /** The id of the cluster that this installation made it for; null where it did not make it. */
  readonly clusterId: string | null;
  /** The claim under which it was posted. */
  readonly epoch: number;
  /** The decision in force; see `Intent`. */
  readonly intent: number;
  readonly suspended: boolean;
  /** Deletion has begun. */
  readonly deleting: boolean;
}

export interface PostedJob {
  readonly job: SeenKubernetesJob;
  /** What the API server warned of, in its own words. */
  readonly warnings: readonly string[];
}

export interface IntentChange {
  readonly from: number;
  readonly to: number;
  readonly suspend: boolean;
}

/** Always both: one without the other corrupts the controller's count. */
export interface InheritedStatus {
  /** In Kubernetes' text form, not empty. */
  readonly completedIndexes: string;
  /** How many these are. */
  readonly succeeded: number;
}

/** A job as it is ordered from one cluster by one claim. */
export interface JobOrder {
  readonly jobId: string;
  readonly epoch: number;
  readonly namespace: string;
  readonly spec: JobSpec;
  readonly hasImagePullSecret: boolean;
  /** Tasks that have succeeded in an earlier job; null: all are to run. */
  readonly inherited: InheritedStatus | null;
  readonly instanceType: OrderedInstanceType;
}

/** What one replica gets and where it may run. */
export interface OrderedInstanceType {
  readonly acceleratorResource: string;
  readonly gpuCount: number;
  readonly cpuMillicores: number;
  readonly memoryMib: number;
  readonly sharedMemoryMib: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly {
    readonly key: string;
    readonly value: string | null;
    readonly effect: string | null;
  }[];
}
