import type { UntimedJobEvent } from '@ccluster/db';
import { advance, needsDispatcher, type JobState } from '@ccluster/domain';
import { textOf } from './text-of.js';
import type { StoredJob } from './world.js';

/** The model has no time: what is told by it is told at once. */
export const AT = '2026-01-01T00:00:00.000Z';

/** As `claimJob` of packages/db, of a job that nobody holds. */
export function claim(job: StoredJob | null): StoredJob | undefined {
  return job === null || !job.due ? undefined : { ...job, epoch: job.epoch + 1 };
}

/** As `recordEvent` of packages/db; undefined where nothing changed. */
export function record(job: StoredJob | null, event: UntimedJobEvent, epoch: number | null): StoredJob | undefined {
  if (job === null || (epoch !== null && epoch !== job.epoch)) return undefined;
  const events = recorded.get(job) ?? new Map<string, StoredJob | undefined>();
  recorded.set(job, events);
  const key = textOf(event);
  if (!events.has(key)) events.set(key, advanced(job, event));
  return events.get(key);
}

/** What has been recorded before is not computed again. */
const recorded = new WeakMap<StoredJob, Map<string, StoredJob | undefined>>();

function advanced(job: StoredJob, event: UntimedJobEvent): StoredJob | undefined {
  const state = withoutWords(advance(job.state, { ...event, at: AT }));
  return textOf(state) === textOf(job.state) ? undefined : { ...job, state, due: needsDispatcher(state) };
}

/** Nothing goes by the words of a reason, only by its code; and in the model there is no time. */
export function withoutWords(state: JobState): JobState {
  return JSON.parse(textOf(state), (key, value) => {
    if (key === 'appliedAt') return value === null ? null : AT;
    return key === 'message' || key === 'since' || key === 'explanation' ? '' : value;
  });
}

/** As `hideJob` of packages/db, of a job that has ended. */
export function hide(job: StoredJob): StoredJob {
  return { ...job, deleted: true, due: true, epoch: job.epoch + 1 };
}

/** As `removeDeletedJob` of packages/db. */
export function removeDeleted(job: StoredJob | null, epoch: number): StoredJob | null {
  return job !== null && job.deleted && job.epoch === epoch ? null : job;
}

/** As the api does: with nothing in a cluster there is nothing to wait for. */
export function cancel(job: StoredJob): StoredJob | undefined {
  const cancelled = record(job, { type: 'CANCEL_REQUESTED', by: 'caller', reason: null }, null);
  const isUnarmed = cancelled?.state.phase === 'ENDING' && cancelled.state.armed === null;
  return isUnarmed ? record(cancelled, { type: 'SETTLED' }, null) : cancelled;
}

/** A job that has ended is only cleaned up after. */
export function staysEnded(before: JobState, after: JobState): boolean {
  if (before.phase !== 'ENDED') return true;
  if (after.phase !== 'ENDED') return false;
  return JSON.stringify({ ...before, cleaned: true }) === JSON.stringify({ ...after, cleaned: true });
}
