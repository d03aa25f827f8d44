import { startTcpFaultProxy, readTestEnvironment } from '@ccluster/testkit';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const LIMIT = { burst: 60_000, perSecond: 100 };
/** In one mutation. */
const ALIASES = 20;
/** Keys that an address tries at most: more than it may at once, and time goes on meanwhile. */
const TRIED_KEYS = 5_000;
const VIEWER = '{ viewer { role } }';
/** Some 20,000 points. */
const EXPENSIVE =
  '{ jobs(first: 100) { edges { node { tasks(first: 90) { edges { node { index status reason { code message } } } } } } } }';
const CREATE = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';

function ask(address: string, { key }: TestCaller, query: string): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
}

describe('a caller who asks too much', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi({ rateLimit: LIMIT });
    caller = await api.newCaller('acme', 'VIEWER');
  });

  afterAll(() => api.stop());

  it('is told before what is left, in the headers that clients know', async () => {
    const { headers } = await ask(api.address, await api.newCaller('informed', 'VIEWER'), VIEWER);
    const left = Number(headers.get('ratelimit-remaining'));
    expect(left).toBeGreaterThan(59_900);
    expect(Object.fromEntries(headers)).toMatchObject({
      'ratelimit-limit': '60000',
      'ratelimit-reset': expect.stringMatching(/^\d$/),
      'x-ratelimit-limit': '60000',
      'x-ratelimit-remaining': String(left),
    });
  });

  it('is refused with 429 and the seconds to wait, at every api process, and by sockets too', async () => {
    const statuses: number[] = [];
    let response = await ask(api.address, caller, EXPENSIVE);
    for (; response.status === 200; response = await ask(api.address, caller, EXPENSIVE)) {
      statuses.push(response.status);
      await response.body?.cancel();
    }
    expect(statuses.length).toBeGreaterThan(1);
    const retryAfter = Number(response.headers.get('retry-after'));
    expect(response.status).toBe(429);
    expect(retryAfter).toBeGreaterThan(1);
    const { errors } = (await response.json()) as { errors: { extensions: object }[] };
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'RATE_LIMITED', retryAfterSeconds: retryAfter },
    ]);

    const another = await api.startAnother();
    const there = await another.callerOf(caller).ask(EXPENSIVE);
    expect([there.status, there.errors?.[0]?.extensions?.['code']]).toEqual([429, 'RATE_LIMITED']);
    await another.stop();

    const overSocket = await caller.first(EXPENSIVE, {}, 10_000);
    expect(overSocket.errors?.[0]?.extensions).toEqual({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number) as number,
    });
  });

  it('does not keep out another, of the same name in the same organization either', async () => {
    expect((await ask(api.address, caller, EXPENSIVE)).status).toBe(429);
    for (const organization of ['other', 'acme']) {
      expect((await ask(api.address, await api.newCaller(organization, 'VIEWER'), EXPENSIVE)).status).toBe(200);
    }
  });

  it.each([
    ['that are none', '{ viewer { role }'],
    ['that are wrong', '{ nothing }'],
    ['that are too much', `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: viewer { role }`).join(' ')} }`],
  ])('pays for documents %s', async (name, query) => {
    const careless = await api.newCaller(name, 'VIEWER');
    let refused = 0;
    while ((await ask(api.address, careless, query)).status !== 429) refused += 1;
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(70);
  });

  it('pays for each change, under whatever alias, and creates nothing beyond', async () => {
    const submitter = await api.newCaller('busy', 'SUBMITTER');
    const create = (name: string) => `createJob(input: { name: "${name}", imageUrl: "a", imageTag: "1" }) { id }`;
    const aliases = (round: number) =>
      `mutation { ${Array.from({ length: ALIASES }, (_, i) => `a${i}: ${create(`j${round}-${i}`)}`).join(' ')} }`;
    let created = 0;
    const beginMs = performance.now();
    for (let round = 0; (await submitter.ask(aliases(round))).status === 200; round += 1) created += ALIASES;
    const seconds = (performance.now() - beginMs) / 1000;
    expect(created).toBeGreaterThan(0);
    expect(created * 50).toBeLessThan(LIMIT.burst + LIMIT.perSecond * seconds);
    const { rows } = await api.database.pool.query(
      'select count(*)::int as count from jobs where organization_id = $1',
      [submitter.organizationId],
    );
    expect(rows).toEqual([{ count: created }]);
  });
});

describe('where Redis is away', () => {
  it('callers are served as before, and each process keeps to the limits by itself', async () => {
    const url = new URL(readTestEnvironment().redisUrl);
    const proxy = await startTcpFaultProxy({ target: { host: url.hostname, port: Number(url.port) } });
    url.host = `${proxy.host}:${proxy.port}`;
    const api = await startTestApi({ redisUrl: url.href, rateLimit: LIMIT });
    try {
      const caller = await api.newCaller('acme', 'VIEWER');
      expect((await caller.ask(VIEWER)).status).toBe(200);
      await proxy.close();
      expect((await caller.ask(VIEWER)).status).toBe(200);
      const statuses = [];
      for (let i = 0; i < 6; i += 1) statuses.push((await caller.ask(EXPENSIVE)).status);
      expect([statuses[0], statuses.at(-1)]).toEqual([200, 429]);
    } finally {
      await api.stop();
      await proxy.close();
    }
  });
});

it('200 jobs a second of one key are within the limits as they are by default', async () => {
  const api = await startTestApi();
  try {
    const caller = await api.newCaller('acme', 'SUBMITTER');
    const before = await ask(api.address, caller, VIEWER);
    const left = Number(before.headers.get('ratelimit-remaining'));
    for (let i = 0; i < 20; i += 1) {
      const input = { name: `job-${i}`, imageUrl: 'registry/image', imageTag: '1', completions: 4, parallelism: 2 };
      expect((await caller.ask(CREATE, { input })).errors).toBeUndefined();
    }
    const after = await ask(api.address, caller, VIEWER);
    const used = left - Number(after.headers.get('ratelimit-remaining'));
    expect((used / 20) * 200).toBeLessThan(100_000);
  } finally {
    await api.stop();
  }
});

describe('an address that tries keys', () => {
  it('is refused with 429 after a while, and callers from there are served', async () => {
    const api = await startTestApi();
    try {
      const caller = await api.newCaller('acme', 'VIEWER');
      await caller.ask(VIEWER);
      const tryKey = (i: number) =>
        fetch(`${api.address}/graphql`, {
          method: 'POST',
          headers: { authorization: `Bearer cck_${String(i).padEnd(43, 'x')}`, 'content-type': 'application/json' },
          body: JSON.stringify({ query: VIEWER }),
        }).then(async (response) => {
          await response.body?.cancel();
          return response.status;
        });
      const statuses = new Set<number>();
      for (let i = 0; i < TRIED_KEYS && !statuses.has(429); i += 50) {
        for (const status of await Promise.all(Array.from({ length: 50 }, (_, j) => tryKey(i + j))))
          statuses.add(status);
      }
      expect(statuses).toEqual(new Set([401, 429]));
      expect((await caller.ask(VIEWER)).status).toBe(200);
      const client = createClient({
        url: `${api.address.replace('http', 'ws')}/graphql`,
        connectionParams: { authorization: `Bearer ${caller.key}` },
        retryAttempts: 0,
      });
      expect((await client.iterate({ query: VIEWER }).next()).value).toMatchObject({ data: { viewer: {} } });
      await client.dispose();
    } finally {
      await api.stop();
    }
  });
});
