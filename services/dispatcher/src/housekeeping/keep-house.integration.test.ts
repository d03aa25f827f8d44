import {
  encodeLogChunk,
  idempotencyKeys,
  jobEvents,
  logChunks,
  logStreams,
  pods,
  readLogChunks,
  type LogRecord,
} from '@ccluster/db';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import { keepHouse } from './keep-house.js';

const ORDINARY = { logDays: 30, logBytes: 1_000_000, eventDays: 30 };
const stamp = '2026-01-01T00:00:00.000000000Z';

let fixture: DispatchFixture;
beforeEach(async () => {
  fixture = await openDispatchFixture();
});
afterEach(() => fixture.close());

const query = (text: string, values: unknown[] = []) => fixture.context.database.pool.query(text, values);
const keep = (retention: Partial<typeof ORDINARY> = {}) =>
  keepHouse(fixture.context.database, { ...ORDINARY, ...retention }, new AbortController().signal);

/** A pod of a job of its own, with chunks of two lines each. */
async function seedLog(ageDays: number, chunks: number, { bytes = 100, finished = true, complete = true } = {}) {
  const { db } = fixture.context.database;
  const jobId = await fixture.addJob();
  const podId = jobId.replace('job', 'pod');
  const at = new Date(Date.now() - ageDays * 86_400_000);
  if (finished) await query('update jobs set finished_at = $2 where id = $1', [jobId, at]);
  const pod = { id: podId, jobId, clusterId: 'c', uid: podId, name: podId, index: 0, attempt: 1 };
  await db.insert(pods).values({ ...pod, status: 'SUCCEEDED', createdAt: at, logComplete: complete });
  await db.insert(logStreams).values({ podId, jobId, position: {}, lines: chunks * 2, bytes, storedAt: at });
  const line: LogRecord = { kind: 'line', stamp, bytes: Buffer.from('x'), continued: false };
  const body = encodeLogChunk([line, line]);
  const rows = Array.from({ length: chunks }, (_, i) => ({ jobId, podId, firstNumber: 2 * i + 1, lineCount: 2, body }));
  await db.insert(logChunks).values(rows);
  return { jobId, podId };
}

/** The number and the content of each line or gap. */
async function logOf({ jobId }: { readonly jobId: string }) {
  const chunks = await readLogChunks(fixture.context.database.db, { jobId }, 0, 10_000);
  return chunks.flatMap(({ firstNumber, records }) =>
    records.map((record, i) => [firstNumber + i, record.kind === 'gap' ? `${record.code} ${record.lines}` : 'line']),
  );
}

describe('logs that are too old', () => {
  it('are replaced by a gap that takes their numbers', async () => {
    const old = await seedLog(31, 3);
    const young = await seedLog(29, 1);
    await keep();
    await expect(logOf(old)).resolves.toEqual([[6, 'LOG_EXPIRED 6']]);
    await expect(logOf(young)).resolves.toHaveLength(2);
    const [chunk] = await readLogChunks(fixture.context.database.db, old, 0, 1);
    expect(chunk?.records).toMatchObject([{ stamp, message: 'Logs are kept for 30 days' }]);
  });

  it('are deleted in batches, whatever their size, also by two at once', async () => {
    const logs = [await seedLog(40, 1_700), await seedLog(41, 500), await seedLog(42, 501)];
    await Promise.all([keep(), keep()]);
    await keep();
    await expect(Promise.all(logs.map(logOf))).resolves.toEqual([
      [[3_400, 'LOG_EXPIRED 3400']],
      [[1_000, 'LOG_EXPIRED 1000']],
      [[1_002, 'LOG_EXPIRED 1002']],
    ]);
  });

  it('stay where lines may still come', async () => {
    const open = await seedLog(40, 1, { complete: false, finished: false });
    await keep();
    await expect(logOf(open)).resolves.toHaveLength(2);
  });
});

describe('logs of an organization that keeps too much', () => {
  it('go from the oldest finished job on, as many as are needed', async () => {
    const running = await seedLog(9, 1, { finished: false });
    const logs = [await seedLog(1, 1), await seedLog(3, 1), await seedLog(2, 1)];
    await keep({ logBytes: 250 });
    const kept = async () => (await Promise.all([running, ...logs].map(logOf))).map((lines) => lines.length === 2);
    await expect(kept()).resolves.toEqual([true, true, false, false]);
    await keep({ logBytes: 250 });
    await expect(kept()).resolves.toEqual([true, true, false, false]);
  });
});

describe('events and request ids', () => {
  it('go when they are too old', async () => {
    const jobId = await fixture.addJob();
    const { db } = fixture.context.database;
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    const event = { jobId, type: 'CREATED', message: '', status: 'QUEUED' } as const;
    const ages = [...Array.from({ length: 4_500 }, () => 31), 29];
    await db.insert(jobEvents).values(ages.map((age, i) => ({ ...event, sequence: i + 1, at: daysAgo(age) })));
    const { organizationId } = (await query('select organization_id as "organizationId" from jobs')).rows[0];
    const key = { organizationId, jobId, inputHash: Buffer.alloc(1) };
    await db.insert(idempotencyKeys).values([
      { ...key, requestId: 'old', createdAt: daysAgo(8) },
      { ...key, requestId: 'young', createdAt: daysAgo(6) },
    ]);
    await Promise.all([keep(), keep()]);
    await expect(db.select({ sequence: jobEvents.sequence }).from(jobEvents)).resolves.toEqual([{ sequence: 4_501 }]);
    await expect(db.select({ id: idempotencyKeys.requestId }).from(idempotencyKeys)).resolves.toEqual([
      { id: 'young' },
    ]);
  });
});
