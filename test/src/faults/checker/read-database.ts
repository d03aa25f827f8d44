import { decodeLogChunk, type LogRecord } from '@ccluster/db';
import pg from 'pg';

import { pages } from './database-pages.js';
import { jobOf, JOBS, type JobRow } from './job-rows.js';
import { createLogTally, tally, type LogTally } from './log-tally.js';
import type { StoredAttempt, StoredEvent, StoredJob } from './stored-job.js';

const ROWS_AT_ONCE = 2_000;
/** A chunk unpacks to 256 KiB. */
const CHUNKS_AT_ONCE = 100;

/** Everything of one installation's database, read past the application. */
export async function readDatabase(
  databaseUrl: string,
): Promise<{ jobs: Map<string, StoredJob>; requests: Map<string, string> }> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const jobs = new Map<string, StoredJob>();
    for await (const row of pages<JobRow>(client, JOBS, ['id'], ROWS_AT_ONCE)) jobs.set(row.id, jobOf(row));
    await readEvents(client, jobs);
    await readLogs(client, await readAttempts(client, jobs));
    const requests = new Map<string, string>();
    for await (const row of pages<RequestRow>(client, REQUESTS, ['organization_id', 'request_id'], ROWS_AT_ONCE))
      requests.set(row.request_id, row.job_id);
    return { jobs, requests };
  } finally {
    await client.end();
  }
}

const EVENTS =
  'select job_id, sequence, type, status, pod_id as "podId", pod_status as "podStatus", message from job_events';

async function readEvents(client: pg.Client, jobs: Map<string, StoredJob>): Promise<void> {
  type Row = StoredEvent & { readonly job_id: string };
  for await (const { job_id, ...event } of pages<Row>(client, EVENTS, ['job_id', 'sequence'], ROWS_AT_ONCE))
    jobs.get(job_id)?.events.push(event);
}

const ATTEMPTS = 'select id, job_id, uid, name, index, attempt, status, log_complete as "logComplete" from pods';

/** @returns the log of each, by pod id */
async function readAttempts(client: pg.Client, jobs: Map<string, StoredJob>): Promise<Map<string, LogTally>> {
  type Row = Omit<StoredAttempt, 'log'> & { readonly job_id: string };
  const logs = new Map<string, LogTally>();
  for await (const { job_id, ...attempt } of pages<Row>(client, ATTEMPTS, ['id'], ROWS_AT_ONCE)) {
    const log = createLogTally();
    logs.set(attempt.id, log);
    jobs.get(job_id)?.attempts.push({ ...attempt, log });
  }
  return logs;
}

const CHUNKS = 'select pod_id, id, first_number, line_count, body from log_chunks';

interface ChunkRow {
  readonly pod_id: string;
  /** bigint, so text. */
  readonly id: string;
  readonly first_number: number;
  readonly line_count: number;
  readonly body: Buffer;
}

async function readLogs(client: pg.Client, logs: Map<string, LogTally>): Promise<void> {
  for await (const chunk of pages<ChunkRow>(client, CHUNKS, ['pod_id', 'id'], CHUNKS_AT_ONCE)) {
    const log = logs.get(chunk.pod_id);
    if (log === undefined) continue;
    const records = decodeLogChunk(chunk.body);
    if (records.length !== chunk.line_count)
      log.problems.push(`chunk ${chunk.id} has ${records.length} lines, not ${chunk.line_count}`);
    for (const [i, record] of records.entries()) tally(log, { number: chunk.first_number + i, ...contentOf(record) });
  }
}

function contentOf(record: LogRecord): { text: string | null; gap: string | null } {
  return record.kind === 'gap' ? { text: null, gap: record.code } : { text: record.bytes.toString('utf8'), gap: null };
}

interface RequestRow {
  readonly organization_id: string;
  readonly request_id: string;
  readonly job_id: string;
}

const REQUESTS = 'select organization_id, request_id, job_id from idempotency_keys';
