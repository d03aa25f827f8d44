import type { LogRecord } from '@ccluster/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestJob, life, record, seedLog, seedPod } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const stamp = '2026-01-01T00:00:00.123456789Z';
const gap: LogRecord = { kind: 'gap', stamp, code: 'LOG_ROTATED', message: 'Lost', lines: 7 };
const long = (text: string, continued: boolean): LogRecord => ({
  kind: 'line',
  stamp,
  bytes: Buffer.from(text),
  continued,
});

describe('the download of a log', () => {
  let api: TestApi;
  let owner: TestCaller;
  let jobId: string;
  let podId: string;

  beforeAll(async () => {
    api = await startTestApi();
    owner = await api.newCaller('acme', 'SUBMITTER');
    jobId = await createTestJob(owner, { name: 'loaded', completions: 2 });
    await record(api.database, jobId, ...life.toRunning);
    podId = await seedPod(api.database, jobId, { index: 1, attempt: 2 });
    const otherPodId = await seedPod(api.database, jobId, { index: 0 });
    await seedLog(api.database, { jobId, podId }, 1, ['grün', gap, long('a', true)]);
    await seedLog(api.database, { jobId, podId: otherPodId }, 1, ['\u001b[1mx']);
    await seedLog(api.database, { jobId, podId }, 4, [long('b', false)]);
  });

  afterAll(() => api.stop());

  const get = (path: string, key: string = owner.key) =>
    fetch(`${api.address}${path}`, { headers: { authorization: `Bearer ${key}` } });
  const textOf = async (path: string) => (await get(path)).text();
  const refusalOf = async (path: string, key?: string) => {
    const response = await get(path, key);
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return [response.status, errors[0]?.extensions.code];
  };

  it('of a job names the task and the attempt of each line', async () => {
    const response = await get(`/jobs/${jobId}/log`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="loaded.log"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(await response.text()).toBe(
      '[1/2] grün\n[1/2] [gap: LOG_ROTATED: Lost (7 lines)]\n[1/2] a\n[0/1] \\x1b[1mx\n[1/2] b\n',
    );
  });

  it('of a pod is what the pod wrote', async () => {
    const response = await get(`/jobs/${jobId}/pods/${podId}/log`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="loaded-1-2.log"');
    expect(await response.text()).toBe('grün\n[gap: LOG_ROTATED: Lost (7 lines)]\nab\n');
  });

  it('has time stamps where that is wanted', async () => {
    expect(await textOf(`/jobs/${jobId}/pods/${podId}/log?timestamps=1`)).toMatch(
      /^2026-01-01T00:00:00.123456789Z grün\n/,
    );
  });

  it('goes on from any byte', async () => {
    const path = `/jobs/${jobId}/log`;
    const whole = Buffer.from(await textOf(path));
    for (let offset = 0; offset <= whole.length + 1; offset += 1) {
      const rest = Buffer.from(await (await get(`${path}?offset=${offset}`)).arrayBuffer());
      expect(rest.equals(whole.subarray(offset))).toBe(true);
    }
  });

  it('is for viewers too, and for nobody else', async () => {
    const viewer = await api.newCaller('acme', 'VIEWER');
    const stranger = await api.newCaller('strangers', 'OPERATOR');
    expect((await get(`/jobs/${jobId}/log`, viewer.key)).status).toBe(200);
    expect(await refusalOf(`/jobs/${jobId}/log`, stranger.key)).toEqual([404, 'NOT_FOUND']);
    expect(await refusalOf(`/jobs/${jobId}/pods/${podId}/log`, stranger.key)).toEqual([404, 'NOT_FOUND']);
    expect(await refusalOf(`/jobs/${jobId}/log`, 'cck_none')).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('of a pod needs the job of the pod', async () => {
    const other = await createTestJob(owner, { name: 'other' });
    expect(await refusalOf(`/jobs/${other}/pods/${podId}/log`)).toEqual([404, 'NOT_FOUND']);
    expect(await textOf(`/jobs/${other}/log`)).toBe('');
  });

  it.each(['timestamps=yes', 'offset=-1', 'offset=1.5', 'follow=1'])('refuses ?%s', async (query) => {
    expect(await refusalOf(`/jobs/${jobId}/log?${query}`)).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('of more than fits into the memory waits for its reader, and breaks off where the job is deleted', async () => {
    const big = await createTestJob(owner, { name: 'big' });
    const bigPodId = await seedPod(api.database, big);
    await seedLog(api.database, { jobId: big, podId: bigPodId }, 1, Array<string>(16).fill('x'.repeat(16_000)));
    await api.database.pool.query(
      `insert into log_chunks (job_id, pod_id, first_number, line_count, body)
        select job_id, pod_id, number * 16 + 1, 16, body from log_chunks, generate_series(1, 1000) as number
        where job_id = $1`,
      [big],
    );
    const response = await get(`/jobs/${big}/log`);
    await api.database.pool.query('delete from jobs where id = $1', [big]);
    await expect(response.text()).rejects.toThrow();
  });
});
