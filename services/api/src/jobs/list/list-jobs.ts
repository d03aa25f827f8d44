import { countJobs, listJobs, readJobUpdatesEnd, type JobListPage } from '@ccluster/db';
import { creationCursor } from '../../graphql/creation-cursor.js';
import { checkPageSize, forwardPage } from '../../graphql/page.js';
import type { RequestContext } from '../../http/request-context.js';
import { parseListFilter, type JobFilter } from './job-filter.input.js';
import { jobOfRow } from '../read/job-of-row.js';
import { formatUpdatesEnd } from '../follow/job-update-cursor.js';
import type { JobConnection } from '../read/job.type.js';

const jobCursor = creationCursor('jobs');

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
  const updatesCursor = formatUpdatesEnd(organizationId, await readJobUpdatesEnd(db), nowMs);
  const filter = parseListFilter(request.filter);
  const position = after === null ? undefined : jobCursor.parse(organizationId, after);
  const rows = await listJobs(db, organizationId, filter, { order, after: position, limit: first + 1 });
  const page = forwardPage(rows, { first, after }, (row) => ({
    cursor: jobCursor.format(organizationId, row),
    node: jobOfRow(row),
  }));
  return { ...page, updatesCursor, count: () => countJobs(db, organizationId, filter) };
}
