import { and, asc, desc, eq, gte, lte, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { decodeLogChunk, type LogRecord } from './log-chunk.js';
import { logChunks } from '../schema/logs.js';
import { pods } from '../schema/pods.js';

/** The log of a job, or the part of it that one task or one attempt wrote. */
export interface LogScope {
  readonly jobId: string;
  readonly index?: number | undefined;
  readonly podId?: string | undefined;
}

export interface StoredLogChunk {
  /** Grows with the order stored. */
  readonly id: number;
  readonly podId: string;
  readonly index: number;
  readonly attempt: number;
  /** Number of the first record; the others follow. */
  readonly firstNumber: number;
  readonly records: readonly LogRecord[];
}

/** Chunks from the given id on, in the order stored. */
export async function readLogChunks(
  db: Queryable,
  scope: LogScope,
  fromId: number,
  limit: number,
): Promise<StoredLogChunk[]> {
  const rows = await chunksWhere(db, and(matches(scope), gte(logChunks.id, fromId)))
    .orderBy(asc(logChunks.id))
    .limit(limit);
  return rows.map(decode);
}

/** Chunks down from the given id, newest first. */
export async function readLogChunksBackwards(
  db: Queryable,
  scope: LogScope,
  downFromId: number,
  limit: number,
): Promise<StoredLogChunk[]> {
  const rows = await chunksWhere(db, and(matches(scope), lte(logChunks.id, downFromId)))
    .orderBy(desc(logChunks.id))
    .limit(limit);
  return rows.map(decode);
}

function chunksWhere(db: Queryable, condition: SQL | undefined) {
  return db
    .select({
      id: logChunks.id,
      podId: logChunks.podId,
      index: pods.index,
      attempt: pods.attempt,
      firstNumber: logChunks.firstNumber,
      body: logChunks.body,
    })
    .from(logChunks)
    .innerJoin(pods, eq(pods.id, logChunks.podId))
    .where(condition)
    .$dynamic();
}

function matches({ jobId, index, podId }: LogScope): SQL | undefined {
  return and(
    eq(logChunks.jobId, jobId),
    index === undefined ? undefined : eq(pods.index, index),
    podId === undefined ? undefined : eq(logChunks.podId, podId),
  );
}

function decode({ body, ...chunk }: Omit<StoredLogChunk, 'records'> & { readonly body: Buffer }): StoredLogChunk {
  return { ...chunk, records: decodeLogChunk(body) };
}
