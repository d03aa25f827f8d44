import { findDueJobs, type Queryable } from '@ccluster/db';
import type { DispatchQueue } from '@ccluster/messaging';

/** With so many hints waiting, the workers have enough to do: more would only make the queue longer. */
const ENOUGH_WAITING = 1_000;
const BATCH = 500;

/**
 * Hints every job that is due and that nobody works on: what a lost hint, a retry or a dead dispatcher leaves behind.
 */
export async function sweep(db: Queryable, queue: DispatchQueue): Promise<void> {
  if ((await queue.waitingCount()) >= ENOUGH_WAITING) return;
  const due = await findDueJobs(db, BATCH);
  await queue.hintMany(due.map(({ id, eventSequence }) => ({ jobId: id, version: eventSequence })));
}
