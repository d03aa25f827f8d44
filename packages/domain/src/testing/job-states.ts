import type { ArmedState, EndedState, EndingState, JobState, PlacedState } from '../job-state.js';
import { aPlacement } from './builders.js';

export const placement = aPlacement();

const since = '2026-01-01T00:00:00.000Z';
const notYetApplied = { decided: 1, applied: 0, released: false, resourceVersion: null, appliedAt: null };
const released = { decided: 1, applied: 1, released: true, resourceVersion: '100', appliedAt: since };
/** A stop is decided after the release, and not delivered. */
const stopDecided = { ...released, decided: 2 };
const stopApplied = { decided: 2, applied: 2, released: true, resourceVersion: '200', appliedAt: since };

export const placed: PlacedState = {
  phase: 'PLACED',
  placement,
  reason: { code: 'PREPARING', message: 'Preparing on east', since },
};

/** Not released yet. */
const armed: ArmedState = {
  phase: 'ARMED',
  placement,
  kubernetesUid: 'uid-1',
  want: 'RUN',
  resuming: false,
  intent: notYetApplied,
  ran: false,
  stopped: false,
  reason: { code: 'STARTING', message: 'Sent to east', since },
};

export const running: ArmedState = { ...armed, intent: released, ran: true, reason: null };

export const suspending: ArmedState = {
  ...running,
  want: 'SUSPEND',
  intent: stopApplied,
  reason: { code: 'SUSPEND_REQUESTED', message: 'Suspended by ann', since },
};

const overLimit = { code: 'ORGANIZATION_LIMIT', message: 'Takes 4 GPUs of 8', since };

const cancelledByAnn = { code: 'CANCELLED', message: 'Cancelled by ann', since };

export const cancelling: EndingState = {
  phase: 'ENDING',
  outcome: 'CANCELLED',
  placement,
  armed: { kubernetesUid: 'uid-1', want: 'SUSPEND', intent: stopApplied },
  stopped: false,
  because: cancelledByAnn,
  reason: cancelledByAnn,
};

const ended: EndedState = {
  phase: 'ENDED',
  outcome: 'SUCCEEDED',
  placement,
  kubernetesUid: 'uid-1',
  finishedAt: since,
  cleaned: false,
  reason: null,
};

/** One of each kind; the names say what they are. */
export const states = {
  queued: { phase: 'QUEUED', held: false, reason: null },
  held: { phase: 'QUEUED', held: true, reason: suspending.reason },
  placed,
  armed,
  released: { ...armed, intent: released },
  running,
  'suspend decided': { ...suspending, intent: stopDecided },
  'suspend decided before release': { ...suspending, ran: false, intent: { ...notYetApplied, decided: 2 } },
  suspending,
  suspended: { ...suspending, ran: false, stopped: true },
  'resuming before it has stopped': { ...suspending, resuming: true, reason: overLimit },
  resuming: { ...suspending, ran: false, stopped: true, resuming: true, reason: overLimit },
  'cancel decided': { ...cancelling, armed: { kubernetesUid: 'uid-1', want: 'SUSPEND', intent: stopDecided } },
  'cancel decided before release': {
    ...cancelling,
    armed: { kubernetesUid: 'uid-1', want: 'SUSPEND', intent: { ...notYetApplied, decided: 2 } },
  },
  cancelling,
  'cancelled, never armed': { ...cancelling, placement: null, armed: null, stopped: true },
  succeeding: {
    ...cancelling,
    outcome: 'SUCCEEDED',
    armed: { kubernetesUid: 'uid-1', want: 'RUN', intent: released },
    because: null,
    reason: null,
  },
  succeeded: {
    ...cancelling,
    outcome: 'SUCCEEDED',
    armed: { kubernetesUid: 'uid-1', want: 'RUN', intent: released },
    stopped: true,
    because: null,
    reason: null,
  },
  ended,
  cleaned: { ...ended, cleaned: true },
} as const satisfies Record<string, JobState>;

export type StateName = keyof typeof states;

/** A state in a line, for tables. */
export function describeState(state: JobState): string {
  switch (state.phase) {
    case 'QUEUED':
      return line('QUEUED', state.held && 'held', reasonOf(state));
    case 'PLACED':
      return line('PLACED', reasonOf(state));
    case 'ARMED':
      return line(
        'ARMED',
        state.want,
        state.resuming && 'resuming',
        intentOf(state),
        state.ran && 'ran',
        state.stopped && 'stopped',
        reasonOf(state),
      );
    case 'ENDING': {
      const kubernetes = state.armed === null ? 'unarmed' : `${state.armed.want} ${intentOf(state.armed)}`;
      return line('ENDING', state.outcome, kubernetes, state.stopped && 'stopped', reasonOf(state));
    }
    case 'ENDED':
      return line('ENDED', state.outcome, state.cleaned && 'cleaned', reasonOf(state));
  }
}

function intentOf({ intent }: Pick<ArmedState, 'intent'>): string {
  return `${intent.applied}/${intent.decided}${intent.released ? ' released' : ''}`;
}

function reasonOf({ reason }: JobState): string | false {
  return reason !== null && `(${reason.code})`;
}

function line(...words: (string | false)[]): string {
  return words.filter((word) => word !== false).join(' ');
}
