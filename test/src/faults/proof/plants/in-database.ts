import { decodeLogChunk, encodeLogChunk, type LogRecord } from '@ccluster/db';

import type { Ground, Plant } from '../ground.js';

export const inDatabase: readonly Plant[] = [
  {
    what: 'the row of an acknowledged job, lost',
    plant: async ({ database, jobs: { lost } }) => {
      await database.query('delete from jobs where id = $1', [lost.id]);
      return [{ rule: 'P1 durable', subject: lost.id }];
    },
  },
  {
    what: 'a request id that is stored for another job',
    plant: async ({ database, jobs: { doubled, flipped } }) => {
      const text = 'update idempotency_keys set job_id = $1 where job_id = $2 returning request_id';
      const { rows } = await database.query<{ request_id: string }>(text, [flipped.id, doubled.id]);
      return rows.map((row) => ({ rule: 'P2 idempotent', subject: row.request_id }));
    },
  },
  {
    what: 'an end that was given, changed',
    plant: async ({ database, jobs: { flipped } }) => {
      const state = `state || '{"outcome": "FAILED", "reason": {"code": "X", "message": "x", "since": "x"}}'`;
      await database.query(`update jobs set status = 'FAILED', state = ${state} where id = $1`, [flipped.id]);
      return [{ rule: 'I4', subject: flipped.id }];
    },
  },
  {
    what: 'a failure without its reason',
    plant: async ({ database, jobs: { failed } }) => {
      await database.query(`update jobs set state = jsonb_set(state, '{reason}', 'null') where id = $1`, [failed.id]);
      return [{ rule: 'P5 end or reason', subject: failed.id }];
    },
  },
  {
    what: 'a job that waits, without its reason',
    plant: async ({ database, jobs: { held } }) => {
      await database.query(`update jobs set state = jsonb_set(state, '{reason}', 'null') where id = $1`, [held.id]);
      return [{ rule: 'I3', subject: held.id }];
    },
  },
  {
    what: 'a task that is counted twice',
    plant: async ({ database, jobs: { doubled } }) => {
      await database.query('update jobs set failed_count = failed_count + 1 where id = $1', [doubled.id]);
      return [{ rule: 'P6 tasks', subject: doubled.id }];
    },
  },
  {
    what: 'an event that is stored twice',
    plant: async ({ database, jobs: { shortened } }) => {
      const columns = 'job_id, type, at, message, status, pod_id, pod_status';
      const last = `select ${columns}, sequence + 1 from job_events where job_id = $1 order by sequence desc limit 1`;
      await database.query(`insert into job_events (${columns}, sequence) ${last}`, [shortened.id]);
      await database.query('update jobs set event_sequence = event_sequence + 1 where id = $1', [shortened.id]);
      return [{ rule: 'P7 events', subject: shortened.id }];
    },
  },
  {
    what: 'an event that is lost',
    plant: async ({ database, jobs: { again } }) => {
      await database.query('delete from job_events where job_id = $1 and sequence = 2', [again.id]);
      return [{ rule: 'P7 events', subject: again.id }];
    },
  },
  {
    what: 'a log line that is stored twice',
    plant: async (ground) => {
      const { id } = ground.jobs.doubled;
      await changeLog(ground, id, (records) => [...records.slice(0, 2), ...records.slice(1)]);
      return [{ rule: 'P8 logs', subject: `${id} 0/1` }];
    },
  },
  {
    what: 'a log line that is lost',
    plant: async (ground) => {
      const { id } = ground.jobs.shortened;
      await changeLog(ground, id, (records) => records.toSpliced(1, 1));
      return [{ rule: 'P8 logs', subject: `${id} 0/1` }];
    },
  },
];

/** Changes the last chunk of a log, as if its lines had been counted so from the first. */
async function changeLog(
  { database }: Ground,
  jobId: string,
  change: (records: readonly LogRecord[]) => readonly LogRecord[],
): Promise<void> {
  const text = 'select id, body from log_chunks where job_id = $1 order by line_count desc, id desc limit 1';
  const { rows } = await database.query<{ id: string; body: Buffer }>(text, [jobId]);
  const [chunk] = rows;
  if (chunk === undefined) throw new Error(`${jobId} has no log`);
  const records = change(decodeLogChunk(chunk.body));
  const update = 'update log_chunks set body = $1, line_count = $2 where id = $3';
  await database.query(update, [encodeLogChunk(records), records.length, chunk.id]);
}
