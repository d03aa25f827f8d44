import { asc, eq, inArray, sql } from 'drizzle-orm';
import { holdClusterLease, type ClusterLease } from '../clusters/cluster-lease.js';
import type { Queryable } from '../connection/database.js';
import { encodeLogChunk, type LogRecord } from './log-chunk.js';
import { logChunks, logStreams } from '../schema/logs.js';
import { pods } from '../schema/pods.js';

/** What came of one pod's log since it was last stored. */
export interface LogBatch {
  readonly podId: string;
  readonly jobId: string;
  /** Of this pod, stored before these; their numbers go on from there. */
  readonly linesBefore: number;
  readonly records: readonly LogRecord[];
  /** Where a follower goes on after these; JSON. */
  readonly position: object;
  /** Nothing of this log comes any more. */
  readonly complete: boolean;
}

/** A batch does not go on where the stored log ends: whoever follows it must begin again from what is stored. */
export class LogMoved extends Error {
  override readonly name = 'LogMoved';

  constructor(batch: LogBatch, storedLines: number) {
    super(`The log of ${batch.podId} has ${storedLines} lines; the batch goes on after ${batch.linesBefore}`);
  }
}

/** A compressed block holds at most this much text, so that a reader of one line does not unpack megabytes. */
const MAX_CHUNK_BYTES = 256 * 1024;
/** Stamp and separators of a record. */
const RECORD_OVERHEAD_BYTES = 40;

/**
 * Stores lines and positions of many pods, in a transaction fenced by the watcher's lease. Giving it the same batches
 * again, after a COMMIT that may or may not have happened, stores nothing twice. Throws `LeaseLost` or `LogMoved`.
 */
export async function storeLogs(tx: Queryable, lease: ClusterLease, batches: readonly LogBatch[]): Promise<void> {
  await holdClusterLease(tx, lease);
  const stored = await countStoredLines(
    tx,
    batches.map((batch) => batch.podId),
  );
  const news = batches.filter((batch) => isNews(batch, stored.get(batch.podId)));
  const chunks = news.flatMap(chunksOf);
  if (chunks.length > 0) await tx.insert(logChunks).values(chunks);
  if (news.length > 0) await savePositions(tx, news);
  await completeLogs(
    tx,
    batches.filter((batch) => batch.complete).map((batch) => batch.podId),
  );
}

async function completeLogs(tx: Queryable, podIds: readonly string[]): Promise<void> {
  if (podIds.length === 0) return;
  const locked = await tx
    .select({ id: pods.id })
    .from(pods)
    .where(inArray(pods.id, [...podIds]))
    // The order in which observations lock them.
    .orderBy(asc(pods.uid))
    .for('no key update');
  const ids = locked.map((row) => row.id);
  if (ids.length > 0) await tx.update(pods).set({ logComplete: true }).where(inArray(pods.id, ids));
}

/** By pod; one whose job was deleted meanwhile is not among them. */
async function countStoredLines(tx: Queryable, podIds: readonly string[]): Promise<Map<string, number>> {
  if (podIds.length === 0) return new Map();
  const rows = await tx
    .select({ podId: pods.id, lines: logStreams.lines })
    .from(pods)
    .leftJoin(logStreams, eq(logStreams.podId, pods.id))
    .where(inArray(pods.id, [...podIds]));
  return new Map(rows.map((row) => [row.podId, row.lines ?? 0]));
}

function isNews(batch: LogBatch, storedLines: number | undefined): boolean {
  if (storedLines === undefined || batch.records.length === 0) return false;
  if (storedLines >= batch.linesBefore + batch.records.length) return false;
  if (storedLines === batch.linesBefore) return true;
  throw new LogMoved(batch, storedLines);
}

function chunksOf(batch: LogBatch): (typeof logChunks.$inferInsert)[] {
  let firstNumber = batch.linesBefore + 1;
  return splitRecords(batch.records).map((records) => {
    const chunk = {
      jobId: batch.jobId,
      podId: batch.podId,
      firstNumber,
      lineCount: records.length,
      body: encodeLogChunk(records),
    };
    firstNumber += records.length;
    return chunk;
  });
}

function splitRecords(records: readonly LogRecord[]): LogRecord[][] {
  const parts: LogRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const size = recordBytes(record) + RECORD_OVERHEAD_BYTES;
    const part = parts.at(-1);
    if (part === undefined || size > room) {
      parts.push([record]);
      room = MAX_CHUNK_BYTES - size;
    } else {
      part.push(record);
      room -= size;
    }
  }
  return parts;
}

/** What a record counts for, in every limit on the size of logs. */
export function recordBytes(record: LogRecord): number {
  return record.kind === 'line' ? record.bytes.length + 1 : 0;
}

async function savePositions(tx: Queryable, batches: readonly LogBatch[]): Promise<void> {
  const rows = batches.map(({ podId, jobId, position, linesBefore, records }) => ({
    podId,
    jobId,
    position,
    lines: linesBefore + records.length,
    bytes: records.reduce((bytes, record) => bytes + recordBytes(record), 0),
  }));
  await tx
    .insert(logStreams)
    .values(rows)
    .onConflictDoUpdate({
      target: logStreams.podId,
      set: {
        position: sql`excluded.position`,
        lines: sql`excluded.lines`,
        bytes: sql`${logStreams.bytes} + excluded.bytes`,
        storedAt: sql`now()`,
      },
    });
}
