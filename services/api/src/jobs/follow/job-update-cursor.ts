import type { JobUpdatePosition, JobUpdatesEnd } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import { z } from 'zod';
import { cursorForm, invalidCursor, positionId } from '../../graphql/cursor.js';

/** For as long a deletion is told of. */
const MAX_AGE_MS = 7 * 24 * 3600 * 1000;

/** A place among the updates of jobs. */
export interface JobUpdatesStart {
  readonly position: JobUpdatePosition;
  /** All deletions behind the position were made, as far as they were committed, later than this. */
  readonly asOfMs: number;
}

const form = cursorForm(
  'updates',
  z.strictObject({
    /** Another PostgreSQL instance numbers its transactions in its own way. */
    systemId: z.string(),
    xid: z.string().regex(/^\d{1,20}$/),
    /** '': before the first job of the transaction. */
    jobId: positionId.or(z.literal('')),
    asOfMs: z.int(),
  }),
);

export function formatUpdateCursor(
  organizationId: string,
  systemId: string,
  { position: { xid, jobId }, asOfMs }: JobUpdatesStart,
): string {
  return form.format(organizationId, { systemId, xid, jobId, asOfMs });
}

/** @param end as it was not before `nowMs` */
export function formatUpdatesEnd(organizationId: string, end: JobUpdatesEnd, nowMs: number): string {
  return formatUpdateCursor(organizationId, end.systemId, { position: end.position, asOfMs: nowMs });
}

/**
 * @param end as of now
 * @throws CURSOR_INVALID for one of another organization or instance, or of a future that a restored backup has lost;
 * CURSOR_EXPIRED
 */
export function parseUpdateCursor(
  organizationId: string,
  cursor: string,
  end: JobUpdatesEnd,
  nowMs: number,
): JobUpdatesStart {
  const { systemId, xid, jobId, asOfMs } = form.parse(organizationId, cursor);
  if (systemId !== end.systemId || BigInt(xid) > BigInt(end.position.xid)) throw invalidCursor();
  if (asOfMs < nowMs - MAX_AGE_MS) {
    throw new DomainError('CURSOR_EXPIRED', 'This cursor is older than 7 days: list the jobs again');
  }
  return { position: { xid, jobId }, asOfMs };
}
