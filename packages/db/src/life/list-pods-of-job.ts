import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { logStreams } from '../schema/logs.js';
import { pods } from '../schema/pods.js';
import type { PodRow } from './save-pods.js';

/** How far a pod's log is stored. */
export interface StoredLog {
  readonly lines: number;
  /** As `storeLogs` was given it; undefined where none was. */
  readonly position: unknown;
}

/** All attempts of a job, in no order. */
export async function listPodsOfJob(db: Queryable, jobId: string): Promise<PodRow[]> {
  return db.select(getTableColumns(pods)).from(pods).where(eq(pods.jobId, jobId));
}

export async function findStoredLog(db: Queryable, podId: string): Promise<StoredLog> {
  const [row] = await db
    .select({ lines: logStreams.lines, position: logStreams.position })
    .from(logStreams)
    .where(eq(logStreams.podId, podId));
  return { lines: row?.lines ?? 0, position: row?.position };
}

/** Text of all attempts' logs together, bytes. */
export async function countLogBytes(db: Queryable, jobId: string): Promise<number> {
  const [row] = await db
    .select({ bytes: sql<number>`coalesce(sum(${logStreams.bytes}), 0)`.mapWith(Number) })
    .from(pods)
    .innerJoin(logStreams, eq(logStreams.podId, pods.id))
    .where(eq(pods.jobId, jobId));
  return row?.bytes ?? 0;
}
