import { countJobs, listJobs, readJobUpdatesEnd, type JobListPage } from '@ccluster/db';
import { z } from 'zod';
import { cursorForm } from '../graphql/cursor.js';
import { checkPageSize, forwardPage } from '../graphql/page.js';
import type { RequestContext } from '../http/request-context.js';
import { toListFilter, type JobFilter } from './job-filter.input.js';
import { jobOfRow } from './job-of-row.js';
import { formatUpdatesEnd } from './job-update-cursor.js';
import type { JobConnection } from './job.type.js';

const jobCursor = cursorForm('jobs', z.strictObject({ createdAtMs: z.int(), id: z.string() }));

export interface JobPageRequest {
  readonly filter: JobFilter | null;
  readonly order: JobListPage['order'];
  readonly first: number;
  readonly after: string | null;
}

export async function readJobPage(context: RequestContext, request: JobPageRequest): Promise<JobConnection> {
  const { order, first, after } = request;
  checkPageSize('first', first);
  const { database, clock } = context.services;
  const { db } = database;
  const { organizationId } = context.principal;
  const nowMs = clock.nowMs();
  // Read before the page: what changes in between comes twice rather than not at all.
  const updatesCursor = formatUpdatesEnd(await readJobUpdatesEnd(db), nowMs);
  const filter = toListFilter(request.filter);
  const rows = await listJobs(db, organizationId, filter, { order, after: parsePosition(after), limit: first + 1 });
  const page = forwardPage(rows, { first, after }, (row) => ({
    cursor: jobCursor.format({ createdAtMs: row.createdAt.getTime(), id: row.id }),
    node: jobOfRow(row),
  }));
  return { ...page, updatesCursor, count: () => countJobs(db, organizationId, filter) };
}

function parsePosition(after: string | null): JobListPage['after'] {
  if (after === null) return undefined;
  const { createdAtMs, id } = jobCursor.parse(after);
  return { createdAt: new Date(createdAtMs), id };
}
