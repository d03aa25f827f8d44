import {
  findFilteredJobs,
  listJobUpdates,
  readJobUpdatesEnd,
  type FilteredJob,
  type JobListFilter,
  type JobUpdate as JobUpdateRow,
} from '@ccluster/db';
import { topics } from '@ccluster/messaging';
import { sleep } from '@ccluster/runtime';
import { stoppable } from '../../graphql/stoppable.js';
import { createLoaders } from '../../http/loaders.js';
import type { RequestContext } from '../../http/request-context.js';
import { jobOfRow } from '../read/job-of-row.js';
import { formatUpdateCursor, parseUpdateCursor, type JobUpdatesStart } from './job-update-cursor.js';
import type { JobUpdate } from './job-update.type.js';

const UPDATES_AT_ONCE = 100;
/** The most that a lost wake-up costs. */
const POLL_INTERVAL_MS = 2_000;
/** Between two reads: where jobs change faster, their changes come together. */
const PAUSE_MS = 100;
const MAX_REMEMBERED_JOBS = 10_000;

/**
 * The newest state of every job that changed after the cursor; without one, from now on. Never completes. Throws
 * CURSOR_INVALID and CURSOR_EXPIRED at once; ends with UNAUTHENTICATED as the caller's key does.
 */
export async function followJobUpdates(
  context: RequestContext,
  filter: JobListFilter,
  after: string | null,
): Promise<AsyncIterable<JobUpdate>> {
  const { database, clock } = context.services;
  const { organizationId } = context.principal;
  const nowMs = clock.nowMs();
  const end = await readJobUpdatesEnd(database.db);
  const { systemId, position } = end;
  const start = after === null ? { position, asOfMs: nowMs } : parseUpdateCursor(organizationId, after, end, nowMs);
  return stoppable((signal) => updatesAfter(context, { systemId, filter, start }, signal));
}

interface Followed {
  readonly systemId: string;
  readonly filter: JobListFilter;
  readonly start: JobUpdatesStart;
}

async function* updatesAfter(
  context: RequestContext,
  { systemId, filter, start }: Followed,
  signal: AbortSignal,
): AsyncGenerator<JobUpdate, void, undefined> {
  const { database, wakeUps, clock } = context.services;
  const { organizationId } = context.principal;
  const tell = createTeller();
  const wakeUp = wakeUps.open([topics.jobs, organizationId]);
  try {
    for (let { position, asOfMs } = start; !signal.aborted;) {
      await context.reauthenticate();
      const nowMs = clock.nowMs();
      const { updates, heldBack } = await listJobUpdates(database.db, organizationId, position, UPDATES_AT_ONCE);
      const found = await findJobsOf(context, filter, updates);
      for (const update of updates) {
        position = update;
        const told = tell(update, found.get(update.jobId));
        if (told === undefined) continue;
        context.loaders = createLoaders(database.db, organizationId);
        const cursor = formatUpdateCursor(organizationId, systemId, { position, asOfMs });
        yield { ...told, jobId: update.jobId, cursor };
      }
      if (updates.length === UPDATES_AT_ONCE) continue;
      asOfMs = nowMs;
      if (!heldBack) await wakeUp.wait(POLL_INTERVAL_MS, signal);
      await sleep(PAUSE_MS, signal);
    }
  } finally {
    wakeUp.close();
  }
}

async function findJobsOf(
  { services, principal }: RequestContext,
  filter: JobListFilter,
  updates: readonly JobUpdateRow[],
): Promise<Map<string, FilteredJob>> {
  const ids = updates.filter(({ deleted }) => !deleted).map(({ jobId }) => jobId);
  if (ids.length === 0) return new Map();
  const found = await findFilteredJobs(services.database.db, principal.organizationId, filter, ids);
  return new Map(found.map((each) => [each.job.id, each]));
}

type Told = Pick<JobUpdate, 'kind' | 'job'>;

/**
 * What there is to tell of an update; undefined: nothing. That a job has left the filter is told once, and not again as
 * it goes on changing, but for subscribers who see very many leave.
 */
function createTeller(): (update: JobUpdateRow, found: FilteredJob | undefined) => Told | undefined {
  const left = new Set<string>();
  return ({ jobId, deleted }, found) => {
    const known = left.delete(jobId);
    if (deleted) return { kind: 'DELETED', job: null };
    // Not found: it never matched; or it was deleted just now, which comes as an update of its own.
    if (found === undefined) return undefined;
    if (found.matches) return { kind: 'UPSERT', job: jobOfRow(found.job) };
    if (left.size >= MAX_REMEMBERED_JOBS) left.clear();
    left.add(jobId);
    return known ? undefined : { kind: 'LEFT_FILTER', job: jobOfRow(found.job) };
  };
}
