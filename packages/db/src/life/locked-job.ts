import {
  armedUid,
  countTasks,
  formatIndexSet,
  jobStatus,
  needsDispatcher,
  parseIndexSet,
  type JobEventType,
  type JobState,
  type TaskProgress,
} from '@ccluster/domain';
import { eq, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../connection/database.js';
import { jobEvents } from '../schema/job-events.js';
import { jobs } from '../schema/jobs.js';
import { pods, type PodStatus } from '../schema/pods.js';

/** A job's row, locked until the transaction ends. */
export interface LockedJob {
  readonly id: string;
  readonly organizationId: string;
  readonly state: JobState;
  readonly completions: number;
  readonly progress: TaskProgress;
  readonly epoch: number;
  readonly eventSequence: number;
  readonly livePods: number;
  readonly started: boolean;
  /** PostgreSQL's clock under the lock, RFC 3339: later than that of any earlier event of the job. */
  readonly at: string;
}

export interface NewJobEvent {
  readonly type: JobEventType;
  readonly message: string;
  readonly pod?: { readonly id: string; readonly status: PodStatus };
}

export interface JobChange {
  readonly state: JobState;
  readonly progress: TaskProgress;
  readonly livePods: number;
  readonly events: readonly NewJobEvent[];
  /** By the dispatcher that has claimed the job: when it is due again is decided as the claim is given back. */
  readonly underClaim?: boolean;
}

/** What has to be told after the commit. */
export interface RecordedChange {
  readonly jobId: string;
  readonly organizationId: string;
  readonly before: JobState;
  readonly after: JobState;
  readonly eventSequence: number;
}

export async function lockJob(tx: Queryable, jobId: string): Promise<LockedJob | undefined> {
  const [row] = await tx
    .select({
      id: jobs.id,
      organizationId: jobs.organizationId,
      state: jobs.state,
      completions: sql<number>`(${jobs.spec} ->> 'completions')::int`,
      succeededIndexes: jobs.succeededIndexes,
      runningIndexes: jobs.runningIndexes,
      failedIndexes: jobs.failedIndexes,
      epoch: jobs.epoch,
      eventSequence: jobs.eventSequence,
      livePods: jobs.livePods,
      startedAt: jobs.startedAt,
      // date_trunc: events keep milliseconds, and a state must not be newer than the event that tells of it.
      at: sql<Date>`date_trunc('milliseconds', clock_timestamp())`.mapWith(jobs.createdAt),
    })
    .from(jobs)
    .where(eq(jobs.id, jobId))
    .for('update');
  if (row === undefined) return undefined;
  const { succeededIndexes, runningIndexes, failedIndexes, startedAt, at, ...rest } = row;
  return {
    ...rest,
    progress: {
      succeeded: parseIndexSet(succeededIndexes, row.completions),
      running: parseIndexSet(runningIndexes, row.completions),
      failed: parseIndexSet(failedIndexes, row.completions),
    },
    started: startedAt !== null,
    at: at.toISOString(),
  };
}

/** Stores a change of a locked job and its events, in one round trip; the only writer of `jobs.state`. */
export async function saveJob(tx: Queryable, job: LockedJob, change: JobChange): Promise<RecordedChange> {
  const eventSequence = job.eventSequence + change.events.length;
  const events = eventRows(job, change);
  const insertEvents = events.length === 0 ? [] : [tx.$with('events').as(tx.insert(jobEvents).values(events))];
  await tx
    .with(...insertEvents)
    .update(jobs)
    .set({
      ...stateColumns(job, change),
      ...progressColumns(job, change),
      livePods: change.livePods,
      eventSequence,
      updatedXid: sql`pg_current_xact_id()`,
    })
    .where(eq(jobs.id, job.id));
  return { jobId: job.id, organizationId: job.organizationId, before: job.state, after: change.state, eventSequence };
}

function eventRows(job: LockedJob, change: JobChange): (typeof jobEvents.$inferInsert)[] {
  const status = jobStatus(change.state);
  return change.events.map((event, i) => ({
    jobId: job.id,
    sequence: job.eventSequence + 1 + i,
    type: event.type,
    at: new Date(job.at),
    message: event.message,
    status,
    podId: event.pod?.id ?? null,
    podStatus: event.pod?.status ?? null,
  }));
}

/** Columns that follow from the state; none where it is the same. */
function stateColumns(job: LockedJob, change: JobChange) {
  const { state } = change;
  if (state === job.state) return {};
  const placement = state.phase === 'QUEUED' ? null : state.placement;
  const status = jobStatus(state);
  const clusterId = placement?.clusterId ?? null;
  return {
    state,
    status,
    pastStatuses: withLeft(jobs.pastStatuses, jobs.status, status),
    clusterId,
    pastClusterIds: withLeft(jobs.pastClusterIds, jobs.clusterId, clusterId),
    instanceTypeId: placement?.instanceTypeId ?? null,
    kubernetesUid: armedUid(state),
    ...(job.started ? {} : startColumns(job, state)),
    finishedAt: state.phase === 'ENDED' ? new Date(state.finishedAt) : null,
    dueAt: needsDispatcher(state) ? dueAt(job, change) : null,
  };
}

/** A job that was never seen to run, so short or so unwatched it was, began with its first pod; clocks may differ. */
function startColumns(job: LockedJob, state: JobState) {
  if (jobStatus(state) === 'RUNNING') return { startedAt: new Date(job.at) };
  if (state.phase !== 'ENDED') return {};
  const end = sql`${new Date(state.finishedAt).toISOString()}::timestamptz`;
  return {
    startedAt: sql`(select least(min(${pods.startedAt}), ${end}) from ${pods} where ${pods.jobId} = ${job.id})`,
  };
}

function dueAt(job: LockedJob, { underClaim }: JobChange): SQL {
  const now = sql`${job.at}::timestamptz`;
  return underClaim === true ? sql`coalesce(${jobs.dueAt}, ${now})` : now;
}

/** Past values of a column with the one that `next` takes the place of, each once. */
function withLeft(past: PgColumn, current: PgColumn, next: string | null): SQL {
  return sql`case when ${current} is null or ${current} is not distinct from ${next}::text or ${current} = any(${past})
    then ${past} else array_append(${past}, ${current}) end`;
}

/** Index sets and counts; none where neither the progress nor the end of the job changed them. */
function progressColumns(job: LockedJob, change: JobChange) {
  const { progress, state } = change;
  const ended = state.phase === 'ENDED';
  if (progress === job.progress && ended === (job.state.phase === 'ENDED')) return {};
  const counts = countTasks(progress, job.completions, ended);
  return {
    succeededIndexes: formatIndexSet(progress.succeeded),
    runningIndexes: ended ? '' : formatIndexSet(progress.running),
    failedIndexes: formatIndexSet(progress.failed),
    pendingCount: counts.pending,
    runningCount: counts.running,
    succeededCount: counts.succeeded,
    failedCount: counts.failed,
    cancelledCount: counts.cancelled,
  };
}
