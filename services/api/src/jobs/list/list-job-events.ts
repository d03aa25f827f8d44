import { listJobEvents, type JobEventRow, type JobRow } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import { invalidCursor } from '../../graphql/cursor.js';
import { checkPageSize, forwardPage } from '../../graphql/page.js';
import type { RequestContext } from '../../http/request-context.js';
import { jobEventCursor } from '../read/job-event-cursor.js';
import type { JobEvent, JobEventConnection } from '../read/job-event.type.js';

/** A page of a job's events, oldest first. */
export async function readJobEventPage(
  { services }: RequestContext,
  job: JobRow,
  { first, after }: { readonly first: number; readonly after: string | null },
): Promise<JobEventConnection> {
  checkPageSize('first', first);
  const afterSequence = after === null ? 0 : parseJobEventCursor(after, job.id, job.eventSequence);
  const rows = await listJobEvents(services.database.db, job.id, afterSequence, first + 1);
  if (after !== null) checkEventsKept(rows, afterSequence, job.eventSequence);
  return forwardPage(rows, { first, after }, (row) => {
    const node = jobEventOfRow(row);
    return { cursor: node.cursor, node };
  });
}

/** The number of the event that the cursor stands for. Throws CURSOR_INVALID where this job did not give it out. */
export function parseJobEventCursor(cursor: string, jobId: string, newestSequence: number): number {
  const { sequence } = jobEventCursor.parse(jobId, cursor);
  if (sequence > newestSequence) throw invalidCursor();
  return sequence;
}

/**
 * Events are numbered without holes, and the oldest are deleted first. Throws CURSOR_EXPIRED where some after the cursor
 * have been.
 * @param rows the first events after it that are kept
 */
export function checkEventsKept(rows: readonly JobEventRow[], afterSequence: number, newestSequence: number): void {
  const next = rows[0]?.sequence ?? newestSequence + 1;
  if (next <= afterSequence + 1) return;
  throw new DomainError('CURSOR_EXPIRED', 'Events after this cursor are no longer kept: read the job again');
}

export function jobEventOfRow(row: JobEventRow): JobEvent {
  const { sequence, ...event } = row;
  return { ...event, cursor: jobEventCursor.format(row.jobId, { sequence }) };
}
