import {
  countTasks,
  formatIndexSet,
  inheritedIndexes,
  initialState,
  jobStatus,
  noProgress,
  type InheritedTasks,
  type JobSpec,
  type Warning,
} from '@ccluster/domain';
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import type { JobRow } from './find-job.js';
import { jobEvents } from '../schema/job-events.js';
import { jobs, jobSecrets } from '../schema/jobs.js';

export interface NewJob {
  readonly id: string;
  readonly organizationId: string;
  readonly spec: JobSpec;
  readonly warnings: readonly Warning[];
  readonly hasImagePullSecret: boolean;
  /** JobSecrets, sealed with the context `job_secrets:<id>`. */
  readonly sealedSecrets: Buffer;
  readonly createdBy: string;
  /** The job that it runs again, and the tasks of it that it does not. */
  readonly rerunOf?: string;
  readonly inherited?: readonly InheritedTasks[];
  /** Of the request that makes it, where that is traced. */
  readonly traceparent?: string | undefined;
}

/**
 * Stores a job that is due for dispatch at once, its secrets and its first event, in one round trip.
 * @throws a unique violation of `jobs_name` where the organization has a job of that name
 */
export async function insertJob(tx: Queryable, job: NewJob): Promise<JobRow> {
  const { sealedSecrets, ...columns } = job;
  const status = jobStatus(initialState);
  const secrets = tx.$with('secrets').as(tx.insert(jobSecrets).values({ jobId: job.id, sealed: sealedSecrets }));
  const message = `Created by ${job.createdBy}`;
  const event = tx
    .$with('event')
    .as(tx.insert(jobEvents).values({ jobId: job.id, sequence: 1, type: 'CREATED', at: now, message, status }));
  const [row] = await tx
    .with(secrets, event)
    .insert(jobs)
    .values({
      ...columns,
      ...initialProgress(job),
      name: job.spec.name,
      warnings: [...job.warnings],
      createdAt: now,
      dueAt: now,
      tracedAt: job.traceparent === undefined ? null : now,
      state: initialState,
      status,
      eventSequence: 1,
    })
    .returning();
  if (row === undefined) throw new Error(`INSERT of job ${job.id} returned no row`);
  return row;
}

/** The same for all that one statement stores. */
const now = sql`date_trunc('milliseconds', statement_timestamp())`;

function initialProgress({ spec: { completions }, inherited = [] }: NewJob) {
  const succeeded = inheritedIndexes(inherited, completions);
  const counts = countTasks({ ...noProgress, succeeded }, completions, false);
  return {
    succeededIndexes: formatIndexSet(succeeded),
    succeededCount: counts.succeeded,
    pendingCount: counts.pending,
  };
}
