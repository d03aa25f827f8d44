import type { ArmedState, EndingState, Intent, Outcome, QueuedState, PlacedState, Reason } from './job-state.js';
import { CLUSTER_UNREACHABLE, reasonOf } from './reason.js';

/** The outcome is decided; what runs is still to be stopped. */
export function ending(
  state: QueuedState | PlacedState | ArmedState,
  outcome: Outcome,
  reason: Omit<Reason, 'since'>,
  at: string,
): EndingState {
  const armed = state.phase === 'ARMED' ? stopping(state, outcome) : null;
  const because = reasonOf(state.reason, reason, at);
  return {
    phase: 'ENDING',
    outcome,
    placement: state.phase === 'QUEUED' ? null : state.placement,
    armed,
    stopped: armed === null || (state.phase === 'ARMED' && state.stopped),
    because,
    reason: because,
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

export function withAnsweringCluster(state: EndingState): EndingState {
  return state.reason?.code === CLUSTER_UNREACHABLE ? { ...state, reason: state.because } : state;
}

/** A new decision, not yet acknowledged. */
export function raised(intent: Intent): Intent {
  return { ...intent, decided: intent.decided + 1 };
}
