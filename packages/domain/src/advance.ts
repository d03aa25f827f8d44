import { advanceObserved } from './advance-observed.js';
import { ending, raised, withAnsweringCluster } from './ending.js';
import type { JobEvent } from './job-event.js';
import type { ArmedState, Intent, JobState, PlacementDecision, Reason } from './job-state.js';
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

function withAppliedIntent(state: JobState, event: Extract<JobEvent, { type: 'INTENT_APPLIED' }>): JobState {
  const apply = (intent: Intent): Intent =>
    event.intent <= intent.applied || event.intent > intent.decided
      ? intent
      : {
          ...intent,
          applied: event.intent,
          released: intent.released || event.released,
          resourceVersion: event.resourceVersion,
          appliedAt: event.at,
        };
  if (state.phase === 'ARMED') {
    const intent = apply(state.intent);
    return intent === state.intent
      ? state
      : { ...state, intent, stopped: state.want === 'SUSPEND' && neverReleased(intent) };
  }
  if (state.phase === 'ENDING' && state.armed !== null) {
    const intent = apply(state.armed.intent);
    if (intent === state.armed.intent) return state;
    return {
      ...withAnsweringCluster(state),
      armed: { ...state.armed, intent },
      stopped: state.stopped || (state.armed.want === 'SUSPEND' && neverReleased(intent)),
    };
  }
  return state;
}

/** The newest decision is in force and no decision before it let a pod start. */
function neverReleased(intent: Intent): boolean {
  return intent.applied === intent.decided && !intent.released;
}

function suspend(state: JobState, event: Extract<JobEvent, { type: 'SUSPEND_REQUESTED' }>): JobState {
  const reason = { code: 'SUSPEND_REQUESTED', message: `Suspended by ${event.by}` };
  if (state.phase === 'QUEUED' || state.phase === 'PLACED') {
    if (state.phase === 'QUEUED' && state.held) return state;
    return { phase: 'QUEUED', held: true, reason: reasonOf(state.reason, reason, event.at) };
  }
  if (state.phase !== 'ARMED' || (state.want === 'SUSPEND' && !state.resuming)) return state;
  return {
    ...state,
    want: 'SUSPEND',
    resuming: false,
    intent: state.want === 'SUSPEND' ? state.intent : raised(state.intent),
    reason: reasonOf(state.reason, reason, event.at),
  };
}

function resume(state: JobState, event: Extract<JobEvent, { type: 'RESUME_REQUESTED' }>): JobState {
  if (state.phase === 'QUEUED' && state.held) return { ...state, held: false, reason: null };
  if (state.phase !== 'ARMED' || state.want === 'RUN') return state;
  if (event.limited !== true) return resumed(state, event.at);
  if (state.resuming) return state;
  const message = `Resumed by ${event.by}, within the GPU limit of the organization`;
  return {
    ...state,
    resuming: true,
    reason: reasonOf(state.reason, { code: 'ORGANIZATION_LIMIT', message }, event.at),
  };
}

function resumed(state: ArmedState, at: string): ArmedState {
  const reason = { code: 'STARTING', message: `Resumed on ${state.placement.clusterName}` };
  return {
    ...state,
    want: 'RUN',
    resuming: false,
    intent: raised(state.intent),
    ran: false,
    stopped: false,
    reason: reasonOf(state.reason, reason, at),
  };
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
