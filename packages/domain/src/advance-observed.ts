import { ending, withAnsweringCluster } from './ending.js';
import type { JobObservation } from './job-event.js';
import type { ArmedState, EndingState, Intent, JobState } from './job-state.js';
import { CLUSTER_UNREACHABLE, reasonOf, withReason } from './reason.js';

/** Without a newer status from the job controller, a stop counts as done after this long without a pod. */
const QUIET_SECONDS_AFTER_STOP = 10;

/** The part of `advance` for what is seen of the armed Kubernetes Job; any other does not count. */
export function advanceObserved(state: JobState, seen: JobObservation, at: string): JobState {
  if (state.phase === 'ARMED' && seen.kubernetesUid === state.kubernetesUid) return observeArmed(state, seen, at);
  if (state.phase === 'ENDING' && seen.kubernetesUid === state.armed?.kubernetesUid)
    return observeEnding(state, seen, at);
  return state;
}

function observeArmed(state: ArmedState, seen: JobObservation, at: string): JobState {
  if (seen.verdict !== null) return judged(state, seen, at);
  if (seen.hopeless !== null && state.want === 'RUN') return ending(state, 'FAILED', seen.hopeless, at);
  if (state.want === 'SUSPEND') return observeSuspended(state, seen, at);
  const current = seen.intent === state.intent.decided;
  const ran = state.ran || (current && seen.ran);
  const waiting =
    seen.waiting ?? (ran ? null : { code: 'STARTING', message: `Sent to ${state.placement.clusterName}` });
  const reason = reasonOf(state.reason, waiting, at);
  return ran === state.ran && reason === state.reason ? state : { ...state, ran, reason };
}

function observeSuspended(state: ArmedState, seen: JobObservation, at: string): JobState {
  const answering =
    state.reason?.code === CLUSTER_UNREACHABLE && !state.resuming
      ? withReason(state, { code: 'SUSPEND_REQUESTED', message: `Suspended on ${state.placement.clusterName}` }, at)
      : state;
  if (state.stopped || !hasStopped(state.intent, seen)) return answering;
  return { ...answering, stopped: true, ran: false };
}

/** A verdict that Kubernetes reached first stands, over a cancel too. */
function judged(state: ArmedState, seen: JobObservation, at: string): JobState {
  const verdict = seen.verdict;
  if (verdict === null) return state;
  const because = reasonOf(state.reason, verdict.outcome === 'FAILED' ? verdict : null, at);
  return {
    phase: 'ENDING',
    outcome: verdict.outcome,
    placement: state.placement,
    armed: { kubernetesUid: state.kubernetesUid, want: state.want, intent: state.intent },
    stopped: verdict.final && seen.livePods === 0,
    because,
    reason: because,
  };
}

function observeEnding(state: EndingState, seen: JobObservation, at: string): JobState {
  const { armed } = state;
  if (armed === null) return state;
  if (
    seen.verdict !== null &&
    seen.verdict.outcome !== state.outcome &&
    !state.stopped &&
    (state.outcome === 'CANCELLED' || seen.verdict.outcome === 'SUCCEEDED')
  ) {
    const because = reasonOf(state.reason, seen.verdict.outcome === 'FAILED' ? seen.verdict : null, at);
    return {
      ...state,
      outcome: seen.verdict.outcome,
      stopped: seen.verdict.final && seen.livePods === 0,
      because,
      reason: because,
    };
  }
  const stopped =
    state.stopped ||
    (seen.verdict?.final === true && seen.livePods === 0) ||
    (armed.want === 'SUSPEND' && hasStopped(armed.intent, seen));
  const answering = withAnsweringCluster(state);
  return stopped === state.stopped ? answering : { ...answering, stopped };
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
