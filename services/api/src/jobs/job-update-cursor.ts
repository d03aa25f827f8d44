import type { JobUpdatePosition, JobUpdatesEnd } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import { z } from 'zod';
import { cursorForm, invalidCursor } from '../graphql/cursor.js';

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
    jobId: z.string(),
    asOfMs: z.int(),
  }),
);

export function formatUpdateCursor(systemId: string, { position, asOfMs }: JobUpdatesStart): string {
  return form.format({ systemId, xid: position.xid, jobId: position.jobId, asOfMs });
}

/** @param end as it was not before `nowMs` */
export function formatUpdatesEnd({ systemId, position }: JobUpdatesEnd, nowMs: number): string {
  return formatUpdateCursor(systemId, { position, asOfMs: nowMs });
}

/**
 * @param end as of now
 * @throws CURSOR_INVALID for one of another instance, or of a future that a restored backup has lost; CURSOR_EXPIRED
 */
export function parseUpdateCursor(cursor: string, end: JobUpdatesEnd, nowMs: number): JobUpdatesStart {
  const { systemId, xid, jobId, asOfMs } = form.parse(cursor);
  if (systemId !== end.systemId || BigInt(xid) > BigInt(end.position.xid)) throw invalidCursor();
  if (asOfMs < nowMs - MAX_AGE_MS) {
    throw new DomainError('CURSOR_EXPIRED', 'This cursor is older than 7 days: list the jobs again');
  }
  return { position: { xid, jobId }, asOfMs };
}
