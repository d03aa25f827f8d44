import type { JobState, Reason } from './job-state.js';

export const CLUSTER_UNREACHABLE = 'CLUSTER_UNREACHABLE';

export function withReason<S extends JobState>(state: S, next: Omit<Reason, 'since'>, at: string): S {
  const reason = reasonOf(state.reason, next, at);
  return reason === state.reason ? state : { ...state, reason };
}

/** Keeps the old reason (the same object) where nothing changed, and its `since` where only the words did. */
export function reasonOf(old: Reason | null, next: Omit<Reason, 'since'> | null, at: string): Reason | null {
  if (next === null) return null;
  if (old === null || old.code !== next.code) return { code: next.code, message: next.message, since: at };
  return old.message === next.message ? old : { code: next.code, message: next.message, since: old.since };
}
