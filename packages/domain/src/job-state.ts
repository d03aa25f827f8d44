/**
 * The state of a job, as the dispatcher and the watcher drive it. JSON all through: times are RFC 3339 strings.
 * Each phase carries only what exists in it; the status callers see is derived from it (`jobStatus`).
 */
export type JobState = QueuedState | PlacedState | ArmedState | EndingState | EndedState;

export type JobPhase = JobState['phase'];

/** Accepted; no cluster chosen, or the last choice was undone. */
export interface QueuedState {
  readonly phase: 'QUEUED';
  /** Suspended by a caller before release: nothing is dispatched until it is resumed. */
  readonly held: boolean;
  readonly reason: Reason | null;
}

/** A cluster is chosen and its room reserved. A suspended Kubernetes Job may exist there, not yet ours to release. */
export interface PlacedState {
  readonly phase: 'PLACED';
  readonly placement: PlacementDecision;
  readonly reason: Reason | null;
}

/** One Kubernetes Job is this job's for ever; only its intent changes from here on. */
export interface ArmedState {
  readonly phase: 'ARMED';
  readonly placement: PlacementDecision;
  readonly kubernetesUid: string;
  readonly want: Want;
  /** `want` is SUSPEND, and a caller wants it to run again: as soon as its organization's GPU limit allows it. */
  readonly resuming: boolean;
  readonly intent: Intent;
  /** A container has run since the last release. */
  readonly ran: boolean;
  /** `want` is SUSPEND and no pod is left. */
  readonly stopped: boolean;
  readonly reason: Reason | null;
}

/** The outcome is decided; pods are ending or logs are being drained. */
export interface EndingState {
  readonly phase: 'ENDING';
  readonly outcome: Outcome;
  /** null where nothing was ever armed. */
  readonly armed: { readonly kubernetesUid: string; readonly want: Want; readonly intent: Intent } | null;
  readonly placement: PlacementDecision | null;
  /** No pod is left; only logs remain. */
  readonly stopped: boolean;
  /** Why the outcome is what it is; null where it succeeded. */
  readonly because: Reason | null;
  /** `because`, or what the end waits for. */
  readonly reason: Reason | null;
}

export interface EndedState {
  readonly phase: 'ENDED';
  readonly outcome: Outcome;
  readonly placement: PlacementDecision | null;
  readonly kubernetesUid: string | null;
  readonly finishedAt: string;
  /** Nothing of it is left in its cluster. */
  readonly cleaned: boolean;
  readonly reason: Reason | null;
}

export type Outcome = 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
export type Want = 'RUN' | 'SUSPEND';

/**
 * What was decided for the Kubernetes Job, and what its API server acknowledged. Decisions are numbered from 1;
 * 0 is the suspended Kubernetes Job as it was posted.
 */
export interface Intent {
  readonly decided: number;
  readonly applied: number;
  /** Whether any acknowledged decision released it: if none did, no pod of it can exist. */
  readonly released: boolean;
  /** resourceVersion of the Kubernetes Job after the newest acknowledged decision; null before the first. */
  readonly resourceVersion: string | null;
  /** When that one was acknowledged. */
  readonly appliedAt: string | null;
}

export interface PlacementDecision {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly instanceTypeId: string;
  readonly instanceTypeName: string;
  readonly namespace: string;
  readonly decidedAt: string;
  readonly explanation: string;
}

/** Why a job or a pod waits, is being ended, or failed. `code` is stable; `message` is for people. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly since: string;
}

export type JobStatus =
  | 'QUEUED'
  | 'STARTING'
  | 'RUNNING'
  | 'SUSPENDED'
  | 'FINISHING'
  | 'CANCELLING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED';

export const initialState: QueuedState = { phase: 'QUEUED', held: false, reason: null };

/** The status a caller sees. */
export function jobStatus(state: JobState): JobStatus {
  switch (state.phase) {
    case 'QUEUED':
      return state.held ? 'SUSPENDED' : 'QUEUED';
    case 'PLACED':
      return 'QUEUED';
    case 'ARMED':
      if (state.want === 'SUSPEND' && state.stopped) return 'SUSPENDED';
      return state.ran ? 'RUNNING' : 'STARTING';
    case 'ENDING':
      return state.outcome === 'CANCELLED' ? 'CANCELLING' : 'FINISHING';
    case 'ENDED':
      return state.outcome;
  }
}

/** The Kubernetes Job that may run for this job: observations of any other do not count. */
export function armedUid(state: JobState): string | null {
  switch (state.phase) {
    case 'QUEUED':
    case 'PLACED':
      return null;
    case 'ARMED':
      return state.kubernetesUid;
    case 'ENDING':
      return state.armed?.kubernetesUid ?? null;
    case 'ENDED':
      return state.kubernetesUid;
  }
}

/** Whether the dispatcher has something to do for this job now. */
export function needsDispatcher(state: JobState): boolean {
  switch (state.phase) {
    case 'QUEUED':
      return !state.held;
    case 'PLACED':
      return true;
    case 'ARMED':
      return state.resuming || state.intent.applied < state.intent.decided;
    case 'ENDING':
      return !state.stopped && state.armed !== null && state.armed.intent.applied < state.armed.intent.decided;
    case 'ENDED':
      return !state.cleaned;
  }
}
