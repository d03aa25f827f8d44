import { parseIndexSet, type JobState, type TaskProgress } from '@ccluster/domain';
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobEvents } from '../schema/job-events.js';
import { jobs } from '../schema/jobs.js';

/** What a watcher compares its observations with; read without a lock, so only good for deciding whether to record. */
export interface WatchedJob {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly completions: number;
  readonly parallelism: number;
  readonly enableLogging: boolean;
  readonly progress: TaskProgress;
  /** When its newest event was told. */
  readonly toldAt: Date;
  /** PostgreSQL's clock when this was read: what is stored tells since when, this tells for how long. */
  readonly now: Date;
  /** Of the newest request that decided something about it, and when that was; null: not known. */
  readonly traceparent: string | null;
  readonly tracedAt: Date | null;
}

const isNewestEvent = and(eq(jobEvents.jobId, jobs.id), eq(jobEvents.sequence, jobs.eventSequence));

/** Ids of the unfinished jobs that have a Kubernetes Job in the cluster. */
export async function listWatchedJobs(db: Queryable, clusterId: string): Promise<string[]> {
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.clusterId, clusterId), isNotNull(jobs.kubernetesUid), isNull(jobs.finishedAt)));
  return rows.map((row) => row.id);
}

/** Ids of the jobs of the cluster that only wait for their logs, and of which nothing was told for at least so long. */
export async function listOverdueDrains(db: Queryable, clusterId: string, drainMs: number): Promise<string[]> {
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .innerJoin(jobEvents, isNewestEvent)
    .where(
      and(
        eq(jobs.clusterId, clusterId),
        isNull(jobs.finishedAt),
        inArray(jobs.status, ['FINISHING', 'CANCELLING']),
        sql`(${jobs.state} ->> 'stopped')::boolean`,
        sql`${jobEvents.at} <= clock_timestamp() - ${drainMs} * interval '1 millisecond'`,
      ),
    );
  return rows.map((row) => row.id);
}

/** Undefined where the job is gone, finished, or not armed in this cluster. */
export async function findWatchedJob(db: Queryable, clusterId: string, jobId: string): Promise<WatchedJob | undefined> {
  const [row] = await db
    .select({
      id: jobs.id,
      name: jobs.name,
      state: jobs.state,
      // Not the whole specification: its environment may be hundreds of kilobytes.
      completions: sql<number>`(${jobs.spec} ->> 'completions')::int`,
      parallelism: sql<number>`(${jobs.spec} ->> 'parallelism')::int`,
      enableLogging: sql<boolean>`(${jobs.spec} ->> 'enableLogging')::boolean`,
      succeededIndexes: jobs.succeededIndexes,
      runningIndexes: jobs.runningIndexes,
      failedIndexes: jobs.failedIndexes,
      toldAt: jobEvents.at,
      now: sql<Date>`clock_timestamp()`.mapWith(jobs.createdAt),
      traceparent: jobs.traceparent,
      tracedAt: jobs.tracedAt,
    })
    .from(jobs)
    .innerJoin(jobEvents, isNewestEvent)
    .where(
      and(eq(jobs.id, jobId), eq(jobs.clusterId, clusterId), isNotNull(jobs.kubernetesUid), isNull(jobs.finishedAt)),
    );
  if (row === undefined) return undefined;
  const { succeededIndexes, runningIndexes, failedIndexes, ...rest } = row;
  return {
    ...rest,
    progress: {
      succeeded: parseIndexSet(succeededIndexes, row.completions),
      running: parseIndexSet(runningIndexes, row.completions),
      failed: parseIndexSet(failedIndexes, row.completions),
    },
  };
}
