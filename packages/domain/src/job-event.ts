import type { PlacementDecision, Reason } from './job-state.js';

/** Everything that can happen to a job. `at` is PostgreSQL's clock, RFC 3339. */
export type JobEvent = { readonly at: string } & (
  | { readonly type: 'PLACEMENT_DECIDED'; readonly placement: PlacementDecision }
  | { readonly type: 'PLACEMENT_WAITING'; readonly code: string; readonly message: string }
  /** The chosen cluster refused or was in doubt, and nothing of it was armed: choose again. */
  | { readonly type: 'PLACEMENT_UNDONE'; readonly code: string; readonly message: string }
  /** No cluster would ever take it. */
  | { readonly type: 'DISPATCH_REFUSED'; readonly code: string; readonly message: string }
  /** `placement`: the one that it was posted for. */
  | { readonly type: 'ARMED'; readonly kubernetesUid: string; readonly placement: PlacementDecision }
  | {
      readonly type: 'INTENT_APPLIED';
      readonly intent: number;
      /** Whether the Kubernetes Job was, or had been, released when this was applied. */
      readonly released: boolean;
      readonly resourceVersion: string;
    }
  | { readonly type: 'CANCEL_REQUESTED'; readonly by: string; readonly reason: string | null }
  | { readonly type: 'SUSPEND_REQUESTED'; readonly by: string }
  /** Where the organization has a GPU limit, a job that is on a cluster resumes in its turn. */
  | { readonly type: 'RESUME_REQUESTED'; readonly by: string; readonly limited?: boolean }
  | { readonly type: 'RESUME_ALLOWED' }
  | { readonly type: 'OBSERVED'; readonly observation: JobObservation }
  | { readonly type: 'KUBERNETES_JOB_GONE'; readonly kubernetesUid: string; readonly message: string }
  | { readonly type: 'CLUSTER_UNREACHABLE'; readonly message: string }
  /** Its cluster was given up: what is left there is not seen any more. */
  | { readonly type: 'CLUSTER_ABANDONED'; readonly message: string }
  /** No pod is left and each attempt's log is complete or its gap recorded. */
  | { readonly type: 'SETTLED' }
  /** The cluster holds nothing of the job any more. */
  | { readonly type: 'CLEANED' }
);

/** What the watcher sees of one Kubernetes Job and its pods, computed whole each time. */
export interface JobObservation {
  readonly kubernetesUid: string;
  readonly resourceVersion: string;
  /** The `ccluster.io/intent` annotation. */
  readonly intent: number;
  /** Condition Suspended=True. */
  readonly suspended: boolean;
  /** Pods that exist and have not ended. */
  readonly livePods: number;
  /** Seconds since the newest decision was acknowledged, where nothing has changed since; 0 where a pod is left. */
  readonly quietSeconds: number;
  /** A container is running or has ended since the last release. */
  readonly ran: boolean;
  readonly waiting: Omit<Reason, 'since'> | null;
  /** Kubernetes' verdict, from its conditions; never from counts. */
  readonly verdict: Verdict | null;
  /** Our own verdict on a Kubernetes Job that would wait or retry for ever. */
  readonly hopeless: Omit<Reason, 'since'> | null;
}

export interface Verdict {
  readonly outcome: 'SUCCEEDED' | 'FAILED';
  readonly code: string;
  readonly message: string;
  /** The terminal condition: Complete or Failed, not the interim one. */
  readonly final: boolean;
}
