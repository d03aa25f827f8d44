import { once } from 'node:events';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestJob, seedLog, seedPod } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';
import { MAX_SUBSCRIPTIONS_PER_SOCKET } from './limits.js';

const MAX_DOWNLOADS = 32;

/** The log of a new job of some 64 MiB: more than fits between the api and a reader that takes nothing. */
async function longLog(api: TestApi, caller: TestCaller): Promise<string> {
  const jobId = await createTestJob(caller, { name: 'long-log' });
  const podId = await seedPod(api.database, jobId);
  await seedLog(api.database, { jobId, podId }, 1, Array<string>(16).fill('x'.repeat(16_000)));
  await api.database.pool.query(
    `insert into log_chunks (job_id, pod_id, first_number, line_count, body)
      select job_id, pod_id, number * 16 + 1, 16, body from log_chunks, generate_series(1, 255) as number
      where job_id = $1`,
    [jobId],
  );
  return `${api.address}/jobs/${jobId}/log`;
}

describe('RATE_LIMITED is', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(() => api.stop());

  it('a subscription more than a socket may have', async () => {
    const client = createClient({
      url: `${api.address.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${caller.key}` },
      retryAttempts: 0,
    });
    const follow = () => client.iterate({ query: 'subscription { jobUpdates { cursor } }' });
    const allowed = Array.from({ length: MAX_SUBSCRIPTIONS_PER_SOCKET }, follow).map((each) => each.next());
    await expect(follow().next()).rejects.toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 } },
    ]);
    await client.dispose();
    await Promise.allSettled(allowed);
  });

  it('a download more than the api serves at once', async () => {
    const url = await longLog(api, caller);
    const leave = new AbortController();
    const download = () => fetch(url, { headers: { authorization: `Bearer ${caller.key}` }, signal: leave.signal });
    const served = await Promise.all(Array.from({ length: MAX_DOWNLOADS }, download));
    expect(new Set(served.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await download();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 } }],
    });
    leave.abort();
  });
});

it('a request that is refused behind an answer that nobody reads holds up nobody', async () => {
  const api = await startTestApi();
  const caller = await api.newCaller('acme', 'SUBMITTER');
  const { hostname, port } = new URL(api.address);
  const socket = connect(Number(port), hostname).pause();
  try {
    const url = new URL(await longLog(api, caller));
    const head = `host: api\r\nauthorization: Bearer ${caller.key}\r\n`;
    // Its variables are none: that is found out before anything becomes of its document.
    const body = '{"query": "{ viewer { role } }", "variables": 5}';
    const refused = `POST /graphql HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    socket.write(`GET ${url.pathname} HTTP/1.1\r\n${head}\r\n${refused}`);
    await once(socket, 'readable');
    const another = await api.newCaller('other', 'VIEWER');
    for (const field of ['role', 'principal']) {
      expect((await another.ask(`{ viewer { ${field} } }`)).errors).toBeUndefined();
    }
  } finally {
    socket.destroy();
    await api.stop();
  }
});
