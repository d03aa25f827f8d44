import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { resultOf } from '../testing/result-of.js';
import { createTestJob, seedLog, seedPod } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';
import { startTestIssuer, type TestIssuer } from './oidc/testing/start-test-issuer.js';

/** What is promised is a minute; five seconds that a key is known for, and five between two looks, are what it takes. */
const CLOSED_WITHIN_MS = 12_000;
/** Of one api, at once. */
const MAX_DOWNLOADS = 32;
const CREATE = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';

interface OpenSocket {
  readonly isOpen: () => boolean;
  /** Its code, and by the clock of `performance` when it came. */
  readonly closed: Promise<{ readonly code: number; readonly atMs: number }>;
  close(): void;
}

describe('what is open for a caller', () => {
  let issuer: TestIssuer;
  let api: TestApi;
  let admin: TestCaller;
  let submitter: TestCaller;

  beforeAll(async () => {
    issuer = await startTestIssuer();
    api = await startTestApi({ oidc: issuer.config });
    admin = await api.newCaller('acme', 'ADMIN');
    submitter = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(async () => {
    await api.stop();
    await issuer.stop();
  });

  const newKey = async (input: object = {}) => {
    const answer = await admin.ask(CREATE, { input: { name: 'watched', role: 'VIEWER', ...input } });
    const { secret, apiKey } = resultOf(answer, 'createApiKey') as { secret: string; apiKey: { id: string } };
    return { id: apiKey.id, secret };
  };
  /** A socket that has been let in; with a subscription where one is given. */
  const open = async (token: string, query?: string): Promise<OpenSocket> => {
    const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = (once(socket, 'close') as Promise<[number]>).then(([code]) => ({ code, atMs: performance.now() }));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    await once(socket, 'message');
    if (query !== undefined) socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    return { isOpen: () => socket.readyState === socket.OPEN, closed, close: () => socket.close() };
  };

  it('is closed with 4403 soon after the key is revoked, idle or not, and nothing else is', async () => {
    const key = await newKey();
    const other = await open((await newKey()).secret);
    const sockets = [await open(key.secret), await open(key.secret, 'subscription { jobUpdates { cursor } }')];
    const revokedMs = performance.now();
    await admin.ask(REVOKE, { id: key.id });
    const closings = await Promise.all(sockets.map(({ closed }) => closed));
    const tookMs = closings.map(({ atMs }) => Math.round(atMs - revokedMs));
    console.log(`sockets closed ${tookMs.join(' and ')} ms after the revocation (60,000 are promised)`);
    expect(closings.map(({ code }) => code)).toEqual([4403, 4403]);
    expect(Math.max(...tookMs)).toBeLessThan(CLOSED_WITHIN_MS);
    expect(other.isOpen()).toBe(true);
    other.close();
  });

  it('is closed soon after the key stands for another role', async () => {
    const key = await newKey({ role: 'ADMIN' });
    const socket = await open(key.secret);
    const changedMs = performance.now();
    await api.database.pool.query(`update api_keys set role = 'VIEWER' where id = $1`, [key.id]);
    const { code, atMs } = await socket.closed;
    console.log(`socket closed ${Math.round(atMs - changedMs)} ms after the change of the role (60,000 are promised)`);
    expect(code).toBe(4403);
    expect(atMs - changedMs).toBeLessThan(CLOSED_WITHIN_MS);
  });

  it('is closed as the token or the key ends, at most a second late', async () => {
    const claims = { organization: 'acme', roles: ['readers'] };
    const token = await issuer.newToken(claims, { seconds: 3 });
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number };
    const expiresAt = new Date(Date.now() + 3_000);
    const key = await newKey({ expiresAt: expiresAt.toISOString() });
    const ends = [exp * 1000, expiresAt.getTime()];
    const sockets = await Promise.all([open(token), open(key.secret)]);
    const closings = await Promise.all(sockets.map(({ closed }) => closed));
    const lateMs = closings.map(({ atMs }, i) => Math.round(performance.timeOrigin + atMs - ends[i]!));
    console.log(`sockets closed ${lateMs.join(' and ')} ms after the token and the key had ended`);
    expect(closings.map(({ code }) => code)).toEqual([4403, 4403]);
    for (const ms of lateMs) {
      expect(ms).toBeGreaterThan(-100);
      expect(ms).toBeLessThan(1_000);
    }
  });

  it('ends as the key is revoked, a download too that nobody reads on', async () => {
    const jobId = await createTestJob(submitter, { name: 'endless-log' });
    const podId = await seedPod(api.database, jobId);
    await seedLog(api.database, { jobId, podId }, 1, Array<string>(16).fill('x'.repeat(16_000)));
    await api.database.pool.query(
      `insert into log_chunks (job_id, pod_id, first_number, line_count, body)
        select job_id, pod_id, number * 16 + 1, 16, body from log_chunks, generate_series(1, 255) as number
        where job_id = $1`,
      [jobId],
    );
    const download = (key: string) =>
      fetch(`${api.address}/jobs/${jobId}/log`, { headers: { authorization: `Bearer ${key}` } });
    const key = await newKey();
    const unread = await Promise.all(Array.from({ length: MAX_DOWNLOADS }, () => download(key.secret)));
    expect(unread.map(({ status }) => status)).toEqual(Array<number>(MAX_DOWNLOADS).fill(200));
    const statusOfOther = async () => {
      const { status, body } = await download(submitter.key);
      await body?.cancel();
      return status;
    };
    expect(await statusOfOther()).toBe(429);
    const revokedMs = performance.now();
    await admin.ask(REVOKE, { id: key.id });
    // Who takes nothing learns nothing of it; but there is room for others again.
    await expect.poll(statusOfOther, { timeout: CLOSED_WITHIN_MS, interval: 200 }).toBe(200);
    console.log(
      `downloads ended ${Math.round(performance.now() - revokedMs)} ms after the revocation (60,000 promised)`,
    );
    for (const { body } of unread) await expect(new Response(body).text()).rejects.toThrow();
  });
});
