import type { JobEvent } from './job-event.js';
import { jobStatus, type JobState } from './job-state.js';

/** The kinds of event callers see; CREATED and POD_CHANGED are recorded with the job and with its pods. */
export type JobEventType =
  | 'CREATED'
  | 'PLACED'
  | 'DISPATCHED'
  | 'STATUS_CHANGED'
  | 'POD_CHANGED'
  | 'CANCEL_REQUESTED'
  | 'SUSPEND_REQUESTED'
  | 'RESUME_REQUESTED'
  | 'FINISHED';

export interface TransitionDescription {
  readonly type: JobEventType;
  readonly message: string;
}

/** The one event a transition is told as; null where nothing that a caller sees has changed. */
export function describeTransition(before: JobState, after: JobState, event: JobEvent): TransitionDescription | null {
  if (before === after) return null;
  switch (event.type) {
    case 'PLACEMENT_DECIDED':
      return { type: 'PLACED', message: event.placement.explanation };
    case 'ARMED':
      return { type: 'DISPATCHED', message: reasonMessage(after) ?? 'Sent to its cluster' };
    case 'CANCEL_REQUESTED':
      return { type: 'CANCEL_REQUESTED', message: reasonMessage(after) ?? 'Cancelled' };
    case 'SUSPEND_REQUESTED':
      return { type: 'SUSPEND_REQUESTED', message: reasonMessage(after) ?? 'Suspended' };
    case 'RESUME_REQUESTED':
      return { type: 'RESUME_REQUESTED', message: reasonMessage(after) ?? 'Resumed' };
    case 'SETTLED':
      return { type: 'FINISHED', message: reasonMessage(after) ?? sentence(jobStatus(after)) };
    default:
      return statusChange(before, after);
  }
}

function statusChange(before: JobState, after: JobState): TransitionDescription | null {
  const status = jobStatus(after);
  if (status === jobStatus(before) && before.reason?.code === after.reason?.code) return null;
  return { type: 'STATUS_CHANGED', message: reasonMessage(after) ?? sentence(status) };
}

function reasonMessage(state: JobState): string | null {
  return state.reason?.message ?? null;
}

function sentence(status: string): string {
  return status.charAt(0) + status.slice(1).toLowerCase();
}
