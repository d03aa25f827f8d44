import type { JobEvent, JobObservation } from './job-event.js';
import type { ArmedState, EndingState, Intent, JobState, Outcome, Reason } from './job-state.js';
import { unreachable } from './unreachable.js';

/** Without a newer status from the job controller, a stop counts as done after this long without a pod. */
const QUIET_SECONDS_AFTER_STOP = 10;

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
      return state.phase === 'QUEUED' ? { ...state, reason: reasonOf(state.reason, event, event.at) } : state;
    case 'PLACEMENT_UNDONE':
      return state.phase === 'PLACED'
        ? { phase: 'QUEUED', held: false, reason: reasonOf(state.reason, event, event.at) }
        : state;
    case 'DISPATCH_REFUSED':
      return state.phase === 'QUEUED' || state.phase === 'PLACED' ? ending(state, 'FAILED', event, event.at) : state;
    case 'ARMED':
      return arm(state, event.kubernetesUid, event.at);
    case 'INTENT_APPLIED':
      return withAppliedIntent(state, event);
    case 'CANCEL_REQUESTED':
      return isEnd(state) ? state : ending(state, 'CANCELLED', cancelReason(event), event.at);
    case 'SUSPEND_REQUESTED':
      return suspend(state, event);
    case 'RESUME_REQUESTED':
      return resume(state, event.at);
    case 'OBSERVED':
      return observe(state, event.observation, event.at);
    case 'KUBERNETES_JOB_GONE':
      return gone(state, event);
    case 'CLUSTER_UNREACHABLE':
      return state.phase === 'ARMED' || (state.phase === 'ENDING' && !state.stopped)
        ? {
            ...state,
            reason: reasonOf(state.reason, { code: 'CLUSTER_UNREACHABLE', message: event.message }, event.at),
          }
        : state;
    case 'SETTLED':
      return settle(state, event.at);
    case 'CLEANED':
      return state.phase === 'ENDED' && !state.cleaned ? { ...state, cleaned: true } : state;
    default:
      return unreachable(event);
  }
}

function isEnd(state: JobState): boolean {
  return state.phase === 'ENDING' || state.phase === 'ENDED';
}

function arm(state: JobState, kubernetesUid: string, at: string): JobState {
  if (state.phase !== 'PLACED') return state;
  return {
    phase: 'ARMED',
    placement: state.placement,
    kubernetesUid,
    want: 'RUN',
    intent: { decided: 1, applied: 0, released: false, resourceVersion: null },
    ran: false,
    stopped: false,
    reason: reasonOf(state.reason, { code: 'STARTING', message: `Sent to ${state.placement.clusterName}` }, at),
  };
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
      ...state,
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
  if (state.phase !== 'ARMED' || state.want === 'SUSPEND') return state;
  return { ...state, want: 'SUSPEND', intent: raised(state.intent), reason: reasonOf(state.reason, reason, event.at) };
}

function resume(state: JobState, at: string): JobState {
  if (state.phase === 'QUEUED' && state.held) return { ...state, held: false, reason: null };
  if (state.phase !== 'ARMED' || state.want === 'RUN') return state;
  const reason = { code: 'STARTING', message: `Resumed on ${state.placement.clusterName}` };
  return {
    ...state,
    want: 'RUN',
    intent: raised(state.intent),
    ran: false,
    stopped: false,
    reason: reasonOf(state.reason, reason, at),
  };
}

function raised(intent: Intent): Intent {
  return { ...intent, decided: intent.decided + 1 };
}

function ending(state: JobState, outcome: Outcome, reason: Omit<Reason, 'since'>, at: string): EndingState {
  const armed = state.phase === 'ARMED' ? stopping(state, outcome) : null;
  return {
    phase: 'ENDING',
    outcome,
    placement: state.phase === 'QUEUED' ? null : state.placement,
    armed,
    stopped: armed === null || (state.phase === 'ARMED' && state.stopped),
    reason: reasonOf(state.reason, reason, at),
  };
}

/** Kubernetes is told to stop unless it already was. */
function stopping(state: ArmedState, outcome: Outcome): EndingState['armed'] {
  const mustStop = outcome !== 'SUCCEEDED' && state.want === 'RUN';
  return {
    kubernetesUid: state.kubernetesUid,
    want: mustStop ? 'SUSPEND' : state.want,
    intent: mustStop ? raised(state.intent) : state.intent,
  };
}

function observe(state: JobState, seen: JobObservation, at: string): JobState {
  if (state.phase === 'ARMED' && seen.kubernetesUid === state.kubernetesUid) return observeArmed(state, seen, at);
  if (state.phase === 'ENDING' && seen.kubernetesUid === state.armed?.kubernetesUid)
    return observeEnding(state, seen, at);
  return state;
}

function observeArmed(state: ArmedState, seen: JobObservation, at: string): JobState {
  if (seen.verdict !== null) return judged(state, seen, at);
  if (seen.hopeless !== null && state.want === 'RUN') return ending(state, 'FAILED', seen.hopeless, at);
  if (state.want === 'SUSPEND') {
    if (state.stopped || !hasStopped(state.intent, seen)) return state;
    return { ...state, stopped: true, ran: false };
  }
  const current = seen.intent === state.intent.decided;
  const ran = state.ran || (current && seen.ran);
  const waiting =
    seen.waiting ?? (ran ? null : { code: 'STARTING', message: `Sent to ${state.placement.clusterName}` });
  const reason = reasonOf(state.reason, waiting, at);
  return ran === state.ran && reason === state.reason ? state : { ...state, ran, reason };
}

/** A verdict that Kubernetes reached first stands, over a cancel too. */
function judged(state: ArmedState, seen: JobObservation, at: string): JobState {
  const verdict = seen.verdict;
  if (verdict === null) return state;
  return {
    phase: 'ENDING',
    outcome: verdict.outcome,
    placement: state.placement,
    armed: { kubernetesUid: state.kubernetesUid, want: state.want, intent: state.intent },
    stopped: verdict.final && seen.livePods === 0,
    reason: reasonOf(state.reason, verdict.outcome === 'FAILED' ? verdict : null, at),
  };
}

function observeEnding(state: EndingState, seen: JobObservation, at: string): JobState {
  const { armed } = state;
  if (armed === null) return state;
  if (
    seen.verdict !== null &&
    seen.verdict.outcome !== state.outcome &&
    !state.stopped &&
    state.outcome === 'CANCELLED'
  ) {
    const reason = seen.verdict.outcome === 'FAILED' ? seen.verdict : null;
    return {
      ...state,
      outcome: seen.verdict.outcome,
      stopped: seen.verdict.final && seen.livePods === 0,
      reason: reasonOf(state.reason, reason, at),
    };
  }
  const stopped =
    state.stopped ||
    (seen.verdict?.final === true && seen.livePods === 0) ||
    (armed.want === 'SUSPEND' && hasStopped(armed.intent, seen));
  return stopped === state.stopped ? state : { ...state, stopped };
}

/**
 * The stop is acknowledged and no pod is left. The job controller's own status at a newer resourceVersion proves that
 * it acted on the stop; it writes none when it had not yet acted on the release, so a quiet time must do then.
 */
function hasStopped(intent: Intent, seen: JobObservation): boolean {
  if (seen.livePods > 0 || !seen.suspended) return false;
  if (intent.applied < intent.decided || seen.intent < intent.decided || intent.resourceVersion === null) return false;
  return isNewer(seen.resourceVersion, intent.resourceVersion) || seen.quietSeconds >= QUIET_SECONDS_AFTER_STOP;
}

/** resourceVersions of one cluster compare as integers: by length, then by digits. */
function isNewer(left: string, right: string): boolean {
  return left.length === right.length ? left > right : left.length > right.length;
}

function gone(state: JobState, event: Extract<JobEvent, { type: 'KUBERNETES_JOB_GONE' }>): JobState {
  const reason = { code: 'KUBERNETES_JOB_GONE', message: event.message };
  if (state.phase === 'ARMED' && state.kubernetesUid === event.kubernetesUid) {
    return { ...ending(state, 'FAILED', reason, event.at), stopped: true };
  }
  if (state.phase === 'ENDING' && state.armed?.kubernetesUid === event.kubernetesUid && !state.stopped)
    return { ...state, stopped: true };
  return state;
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
    reason: state.reason,
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

/** Keeps the old reason (the same object) where nothing changed, and its `since` where only the words did. */
function reasonOf(old: Reason | null, next: Omit<Reason, 'since'> | null, at: string): Reason | null {
  if (next === null) return null;
  if (old === null || old.code !== next.code) return { code: next.code, message: next.message, since: at };
  return old.message === next.message ? old : { code: next.code, message: next.message, since: old.since };
}
