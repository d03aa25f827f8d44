import type { JobRow } from '@ccluster/db';
import type { JobState } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import type { Services } from '../../services.js';
import { getJob } from '../get-job.js';

/** Longer than a dispatcher waits for a cluster's answer: what it had sent has arrived by then, or never will. */
const PATIENCE_MS = 10_000;
const POLL_INTERVAL_MS = 500;

const { signal: never } = new AbortController();

/**
 * A job that is to stop, once it is known whether it was released. A dispatcher may have sent the release just before: an
 * answer that came first would promise that no pod starts, and the release would arrive after it.
 * @returns the job as it is then; after some seconds, where its cluster does not answer, as it is anyway
 */
export async function withSettledRelease({ database, wakeUps }: Services, asked: JobRow): Promise<JobRow> {
  if (!isReleaseUnderWay(asked.state)) return asked;
  const wakeUp = wakeUps.open([topics.job, asked.id]);
  const deadlineMs = performance.now() + PATIENCE_MS;
  try {
    for (;;) {
      const job = await getJob(database.db, asked.organizationId, asked.id);
      if (!isReleaseUnderWay(job.state) || performance.now() > deadlineMs) return job;
      await wakeUp.wait(POLL_INTERVAL_MS, never);
    }
  } finally {
    wakeUp.close();
  }
}

/** It is armed, and no decision about it is known to be in force in its cluster. */
function isReleaseUnderWay(state: JobState): boolean {
  if (state.phase === 'ENDING') return !state.stopped && state.armed !== null && state.armed.intent.applied === 0;
  return state.phase === 'ARMED' && state.want === 'SUSPEND' && !state.stopped && state.intent.applied === 0;
}
