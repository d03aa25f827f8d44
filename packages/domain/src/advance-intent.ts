import { raised, withAnsweringCluster } from './ending.js';
import type { JobEvent } from './job-event.js';
import type { ArmedState, Intent, JobState } from './job-state.js';
import { reasonOf } from './reason.js';

/** The cluster has taken over a decision. */
export function withAppliedIntent(state: JobState, event: Extract<JobEvent, { type: 'INTENT_APPLIED' }>): JobState {
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

export function suspend(state: JobState, event: Extract<JobEvent, { type: 'SUSPEND_REQUESTED' }>): JobState {
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

export function resume(state: JobState, event: Extract<JobEvent, { type: 'RESUME_REQUESTED' }>): JobState {
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

export function resumed(state: ArmedState, at: string): ArmedState {
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
