import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterLease } from '../clusters/cluster-lease.js';
import { countLogBytes, findStoredLog, listPodsOfJob } from '../life/list-pods-of-job.js';
import { decodeLogChunk, type LogRecord } from './log-chunk.js';
import { recordObservation } from '../life/record-observation.js';
import { jobEvents } from '../schema/job-events.js';
import { jobs } from '../schema/jobs.js';
import { logChunks } from '../schema/logs.js';
import { settleJob } from '../life/settle-job.js';
import { LogMoved, storeLogs, type LogBatch } from './store-logs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { anObservedJob, anObservedPod, leaseNewCluster, releaseNewJob } from '../testing/watched-job.js';
import { withTransaction } from '../connection/transaction.js';

const stamp = '2026-01-01T00:00:00.000000000Z';

function lines(...texts: string[]): LogRecord[] {
  return texts.map((text) => ({ kind: 'line', stamp, bytes: Buffer.from(text), continued: false }));
}

let fixture: DatabaseFixture;
let lease: ClusterLease;
let jobId: string;
let podId: string;
beforeAll(async () => {
  fixture = await openDatabaseFixture();
});
beforeEach(async () => {
  lease = await leaseNewCluster(fixture);
  jobId = await releaseNewJob(fixture, lease, 1);
  podId = (await record(anObservedJob(jobId, [anObservedPod()])))?.pods[0]?.id ?? '';
});
afterAll(() => fixture.close());

const record = (seen: Parameters<typeof recordObservation>[3]) =>
  withTransaction(fixture.database, (tx) => recordObservation(tx, lease, jobId, seen));
const store = (...batches: Partial<LogBatch>[]) =>
  withTransaction(fixture.database, (tx) =>
    storeLogs(
      tx,
      lease,
      batches.map((batch) => ({
        podId,
        jobId,
        linesBefore: 0,
        records: [],
        position: {},
        complete: false,
        ...batch,
      })),
    ),
  );
const settle = (giveUpLogs: boolean) =>
  withTransaction(fixture.database, (tx) => settleJob(tx, lease, jobId, giveUpLogs));
const stored = async () => {
  const { db } = fixture.database;
  const chunks = await db.select().from(logChunks).where(eq(logChunks.jobId, jobId)).orderBy(asc(logChunks.id));
  return chunks.flatMap((chunk) =>
    decodeLogChunk(chunk.body).map((each, i) => [
      chunk.firstNumber + i,
      each.kind === 'gap' ? each.code : each.bytes.toString(),
    ]),
  );
};
const end = () =>
  record(anObservedJob(jobId, [], { verdict: { outcome: 'FAILED', code: 'X', message: 'No', final: true } }));

describe('the logs of a job', () => {
  it('go on where they were, with the position that goes with them', async () => {
    await store({ records: lines('a', 'b'), position: { at: 2 } });
    await store({ records: lines('c'), linesBefore: 2, position: { at: 3 } });
    await expect(stored()).resolves.toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    await expect(findStoredLog(fixture.database.db, podId)).resolves.toEqual({ lines: 3, position: { at: 3 } });
    await expect(countLogBytes(fixture.database.db, jobId)).resolves.toBe(6);
  });

  it('are stored once where it is not known whether the commit happened', async () => {
    await store({ records: lines('a', 'b') });
    await store({ records: lines('a', 'b') });
    await expect(stored()).resolves.toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  it('are refused where they do not go on from what is stored', async () => {
    await expect(store({ records: lines('c'), linesBefore: 2 })).rejects.toThrow(LogMoved);
  });

  it('are split into chunks that a reader can unpack', async () => {
    const line = 'x'.repeat(16 * 1024);
    await store({ records: lines(...Array.from({ length: 40 }, () => line)) });
    const rows = await fixture.database.db.select().from(logChunks).where(eq(logChunks.jobId, jobId));
    expect(rows.map((row) => row.lineCount)).toEqual([15, 15, 10]);
    expect(rows.map((row) => row.firstNumber)).toEqual([1, 16, 31]);
  });
});

describe('the logs of a job that ends', () => {
  it('are dropped where the job was deleted meanwhile, and those of others stored', async () => {
    await store({ podId: 'pod_gone', records: lines('x'), complete: true }, { records: lines('a'), complete: true });
    await expect(stored()).resolves.toEqual([[1, 'a']]);
    await expect(listPodsOfJob(fixture.database.db, jobId)).resolves.toMatchObject([{ logComplete: true }]);
  });

  it('hold up its end until they are complete', async () => {
    await end();
    await expect(settle(false)).resolves.toBeUndefined();
    await store({ records: lines('a'), complete: true });
    await expect(settle(false)).resolves.toMatchObject({ after: { phase: 'ENDED', outcome: 'FAILED' } });
    await expect(settle(false)).resolves.toBeUndefined();
  });

  it('end with a gap that says so when the time for them is over', async () => {
    await store({ records: lines('a') });
    await end();
    await expect(settle(true)).resolves.toMatchObject({ after: { phase: 'ENDED' } });
    await expect(stored()).resolves.toEqual([
      [1, 'a'],
      [2, 'LOG_UNAVAILABLE'],
    ]);
    await expect(listPodsOfJob(fixture.database.db, jobId)).resolves.toMatchObject([
      { logComplete: true, status: 'LOST' },
    ]);
    const [row] = await fixture.database.db.select().from(jobs).where(eq(jobs.id, jobId));
    expect(row).toMatchObject({ status: 'FAILED', runningCount: 0, pendingCount: 0, livePods: 0 });
    const events = await fixture.database.db
      .select()
      .from(jobEvents)
      .where(eq(jobEvents.jobId, jobId))
      .orderBy(asc(jobEvents.sequence));
    expect(events.slice(-2).map((event) => event.type)).toEqual(['POD_CHANGED', 'FINISHED']);
  });
});
