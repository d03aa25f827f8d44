import { advanceObserved } from './advance-observed.js';
import { resume, resumed, suspend, withAppliedIntent } from './advance-intent.js';
import { ending, withAnsweringCluster } from './ending.js';
import type { JobEvent } from './job-event.js';
import type { JobState, PlacementDecision, Reason } from './job-state.js';
import { CLUSTER_UNREACHABLE, reasonOf, withReason } from './reason.js';
import { unreachable } from './unreachable.js';

/**
 * The only place where a job changes. Pure and total: repeated, late and reordered events leave the state as it is
 * (the same object), and a job that has ended never changes but for being cleaned up.
 */
export function advance(state: JobState, event: JobEvent): JobState {
  switch (event.type) {
    case 'PLACEMENT_DECIDED':
      if (state.phase !== 'QUEUED' || state.held) return state;
      return {
        phase: 'PLACED',
        placement: event.placement,
        reason: reasonOf(state.reason, preparing(event.placement.clusterName), event.at),
      };
    case 'PLACEMENT_WAITING':
      return (state.phase === 'QUEUED' && !state.held) || (state.phase === 'ARMED' && state.resuming)
        ? withReason(state, event, event.at)
        : state;
    case 'PLACEMENT_UNDONE':
      return state.phase === 'PLACED'
        ? { phase: 'QUEUED', held: false, reason: reasonOf(state.reason, event, event.at) }
        : state;
    case 'DISPATCH_REFUSED':
      return state.phase === 'QUEUED' || state.phase === 'PLACED' ? ending(state, 'FAILED', event, event.at) : state;
    case 'ARMED':
      return arm(state, event);
    case 'INTENT_APPLIED':
      return withAppliedIntent(state, event);
    case 'CANCEL_REQUESTED':
      return state.phase === 'ENDING' || state.phase === 'ENDED'
        ? state
        : ending(state, 'CANCELLED', cancelReason(event), event.at);
    case 'SUSPEND_REQUESTED':
      return suspend(state, event);
    case 'RESUME_REQUESTED':
      return resume(state, event);
    case 'RESUME_ALLOWED':
      return state.phase === 'ARMED' && state.resuming ? resumed(state, event.at) : state;
    case 'OBSERVED':
      return advanceObserved(state, event.observation, event.at);
    case 'KUBERNETES_JOB_GONE':
      return gone(state, event);
    case 'CLUSTER_UNREACHABLE':
      return state.phase === 'ARMED' || (state.phase === 'ENDING' && !state.stopped)
        ? withReason(state, { code: CLUSTER_UNREACHABLE, message: event.message }, event.at)
        : state;
    case 'CLUSTER_ABANDONED':
      return abandoned(state, event);
    case 'SETTLED':
      return settle(state, event.at);
    case 'CLEANED':
      return state.phase === 'ENDED' && !state.cleaned ? { ...state, cleaned: true } : state;
    default:
      return unreachable(event);
  }
}

/** While it was being posted the job may have been suspended, resumed and placed anew, under the same claim. */
function arm(state: JobState, { kubernetesUid, placement, at }: Extract<JobEvent, { type: 'ARMED' }>): JobState {
  if (state.phase !== 'PLACED' || !isSamePlacement(state.placement, placement)) return state;
  return {
    phase: 'ARMED',
    placement: state.placement,
    kubernetesUid,
    want: 'RUN',
    resuming: false,
    intent: { decided: 1, applied: 0, released: false, resourceVersion: null, appliedAt: null },
    ran: false,
    stopped: false,
    reason: reasonOf(state.reason, { code: 'STARTING', message: `Sent to ${state.placement.clusterName}` }, at),
  };
}

function isSamePlacement(left: PlacementDecision, right: PlacementDecision): boolean {
  return (
    left.decidedAt === right.decidedAt &&
    left.clusterId === right.clusterId &&
    left.instanceTypeId === right.instanceTypeId &&
    left.namespace === right.namespace
  );
}

function gone(state: JobState, event: Extract<JobEvent, { type: 'KUBERNETES_JOB_GONE' }>): JobState {
  const reason = { code: 'KUBERNETES_JOB_GONE', message: event.message };
  if (state.phase === 'ARMED' && state.kubernetesUid === event.kubernetesUid) {
    return { ...ending(state, 'FAILED', reason, event.at), stopped: true };
  }
  if (state.phase === 'ENDING' && state.armed?.kubernetesUid === event.kubernetesUid && !state.stopped)
    return { ...withAnsweringCluster(state), stopped: true };
  return state;
}

/**
 * What Kubernetes said before that stands. A cancel that has not stopped it yet has not succeeded: pods may go on in a
 * cluster that nobody asks any more.
 */
function abandoned(state: JobState, event: Extract<JobEvent, { type: 'CLUSTER_ABANDONED' }>): JobState {
  const reason = { code: 'CLUSTER_ABANDONED', message: event.message };
  if (state.phase === 'ARMED') return { ...ending(state, 'FAILED', reason, event.at), stopped: true };
  if (state.phase !== 'ENDING' || state.stopped) return state;
  if (state.outcome !== 'CANCELLED') return { ...withAnsweringCluster(state), stopped: true };
  const because = reasonOf(state.reason, reason, event.at);
  return { ...state, outcome: 'FAILED', stopped: true, because, reason: because };
}

function settle(state: JobState, at: string): JobState {
  if (state.phase !== 'ENDING' || !state.stopped) return state;
  return {
    phase: 'ENDED',
    outcome: state.outcome,
    placement: state.placement,
    kubernetesUid: state.armed?.kubernetesUid ?? null,
    finishedAt: at,
    cleaned: state.placement === null,
    reason: state.because,
  };
}

function cancelReason(event: Extract<JobEvent, { type: 'CANCEL_REQUESTED' }>): Omit<Reason, 'since'> {
  return {
    code: 'CANCELLED',
    message: event.reason === null ? `Cancelled by ${event.by}` : `Cancelled by ${event.by}: ${event.reason}`,
  };
}

function preparing(clusterName: string): Omit<Reason, 'since'> {
  return { code: 'PREPARING', message: `Preparing on ${clusterName}` };
}
