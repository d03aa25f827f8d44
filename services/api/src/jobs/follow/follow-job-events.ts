import { listJobEvents, readJobPosition, type JobRow } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import { stoppable } from '../../graphql/stoppable.js';
import { createLoaders } from '../../http/loaders.js';
import type { RequestContext } from '../../http/request-context.js';
import { getJob } from '../get-job.js';
import { jobEventCursor } from '../read/job-event-cursor.js';
import type { JobEvent } from '../read/job-event.type.js';
import { checkEventsKept, jobEventOfRow, parseJobEventCursor } from '../list/list-job-events.js';

const EVENTS_AT_ONCE = 100;
/** The most that a lost wake-up costs. */
const POLL_INTERVAL_MS = 2_000;

/**
 * A job's events after the cursor, in order, each once; without a cursor one that says how it stands, then what
 * follows. Completes after FINISHED. Throws NOT_FOUND and CURSOR_INVALID at once; ends with CURSOR_EXPIRED where events
 * after the cursor are no longer kept, and with UNAUTHENTICATED as the caller's key does.
 */
export async function followJobEvents(
  context: RequestContext,
  jobId: string,
  after: string | null,
): Promise<AsyncIterable<JobEvent>> {
  const job = await getJob(context.services.database.db, context.principal.organizationId, jobId);
  if (after === null) return stoppable((signal) => withSnapshot(context, job, signal));
  const afterSequence = parseJobEventCursor(after, jobId, job.eventSequence);
  return stoppable((signal) => eventsAfter(context, jobId, afterSequence, signal));
}

async function* withSnapshot(
  context: RequestContext,
  job: JobRow,
  signal: AbortSignal,
): AsyncGenerator<JobEvent, void, undefined> {
  yield snapshotOf(job, new Date(context.services.clock.nowMs()));
  yield* eventsAfter(context, job.id, job.eventSequence, signal);
}

async function* eventsAfter(
  context: RequestContext,
  jobId: string,
  afterSequence: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent, void, undefined> {
  const { database, wakeUps } = context.services;
  const { organizationId } = context.principal;
  const wakeUp = wakeUps.open([topics.job, jobId]);
  try {
    for (let sequence = afterSequence; !signal.aborted;) {
      await context.reauthenticate();
      // Read before the events: if the job had ended by then, they are all there.
      const job = await readJobPosition(database.db, organizationId, jobId);
      if (job === undefined) throw new DomainError('JOB_DELETED', 'The job has been deleted');
      const events =
        job.eventSequence > sequence ? await listJobEvents(database.db, jobId, sequence, EVENTS_AT_ONCE) : [];
      checkEventsKept(events, sequence, job.eventSequence);
      for (const event of events) {
        context.loaders = createLoaders(database.db, organizationId);
        yield jobEventOfRow(event);
        sequence = event.sequence;
        if (event.type === 'FINISHED') return;
      }
      if (events.length > 0) continue;
      if (job.ended) return;
      await wakeUp.wait(POLL_INTERVAL_MS, signal);
    }
  } finally {
    wakeUp.close();
  }
}

function snapshotOf(job: JobRow, at: Date): JobEvent {
  return {
    jobId: job.id,
    podId: null,
    cursor: jobEventCursor.format(job.id, { sequence: job.eventSequence }),
    type: 'SNAPSHOT',
    at,
    message: job.state.reason?.message ?? `The job is ${job.status}`,
    status: job.status,
    podStatus: null,
  };
}
