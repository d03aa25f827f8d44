import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openAcknowledged } from '../testing/raw-socket.js';
import { refusalsOf } from '../testing/issues.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';
import { MAX_REQUEST_BYTES } from './limits.js';

const CANARY = 'canary-91b0c2d3e4f5a687';

describe('the server', () => {
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'OPERATOR');
  });

  afterAll(() => api.stop());

  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const viewer = JSON.stringify({ query: '{ viewer { role } }' });

  it('knows who calls', async () => {
    const { data } = await caller.ask('{ viewer { principal role organization { id name maxGpus } } }');
    expect(data).toEqual({
      viewer: {
        principal: 'operator of acme',
        role: 'OPERATOR',
        organization: { id: caller.organizationId, name: 'acme', maxGpus: null },
      },
    });
  });

  it('notes the use of a key', async () => {
    const { rows } = await api.database.pool.query(
      `select last_used_at > now() - interval '1 minute' as used from api_keys where name = 'operator of acme'`,
    );
    expect(rows).toEqual([{ used: true }]);
  });

  it.each([
    ['no key', undefined],
    ['another scheme', 'Basic abc'],
    ['what is no key', `Bearer ${CANARY}`],
    ['an unknown key', `Bearer cck_${CANARY.padEnd(43, 'x')}`],
  ])('refuses %s with 401', async (_, authorization) => {
    const response = await post(authorization === undefined ? {} : { authorization }, viewer);
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(refusalsOf(JSON.parse(text))).toEqual(['UNAUTHENTICATED']);
    expect(text).not.toContain(CANARY);
  });

  it.each([
    ['revoked', 'revoked_at = now()'],
    ['expired', `expires_at = now() - interval '1 second'`],
  ])('refuses a key that is %s', async (_, change) => {
    const { key } = await api.newKey(`ended ${change}`, 'VIEWER');
    await api.database.pool.query(`update api_keys set ${change} where name = $1`, [`viewer of ended ${change}`]);
    expect((await post({ authorization: `Bearer ${key}` }, viewer)).status).toBe(401);
  });

  it('shows browsers a page whose files are all its own', async () => {
    const page = await (await fetch(`${api.address}/graphql`, { headers: { accept: 'text/html' } })).text();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].flatMap(([, file = '']) =>
      file.startsWith('data:') ? [] : [file],
    );
    expect(files).toHaveLength(5);
    for (const file of files) {
      expect(file).toMatch(/^\/graphql\/assets\//);
      const response = await fetch(api.address + file);
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
  });

  it('says that it lives and is ready', async () => {
    for (const path of ['/livez', '/readyz']) {
      const response = await fetch(api.address + path);
      expect([response.status, await response.json()]).toEqual([200, { failed: [] }]);
    }
  });

  describe('closes a socket', () => {
    const open = () => new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closing = async (socket: WebSocket) => ((await once(socket, 'close')) as [number])[0];

    it.each([
      ['that shows no valid key with 4401', { type: 'connection_init', payload: { authorization: 'Bearer x' } }, 4401],
      [
        'that asks before it says who it is with 4401',
        { type: 'subscribe', id: '1', payload: { query: '{ a }' } },
        4401,
      ],
      ['that sends nonsense with 4400', { type: 'nonsense' }, 4400],
    ])('%s', async (_, message, code) => {
      const socket = open();
      await once(socket, 'open');
      socket.send(JSON.stringify(message));
      expect(await closing(socket)).toBe(code);
    });

    it('that sends more than a request may have with 1009', async () => {
      const socket = open();
      await once(socket, 'open');
      socket.send('x'.repeat(MAX_REQUEST_BYTES + 1));
      expect(await closing(socket)).toBe(1009);
    });
  });
});

it('closes its sockets as going away when it stops, and stops soon', async () => {
  const api = await startTestApi();
  const { key } = await api.newKey('acme', 'VIEWER');
  const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
  await once(socket, 'message');
  const closed = once(socket, 'close') as Promise<[number]>;
  const begunMs = performance.now();
  await api.stop();
  expect((await closed)[0]).toBe(1001);
  expect(performance.now() - begunMs).toBeLessThan(5_000);
});

it('serves on while it drains, says that it is not ready, and asks to part', async () => {
  const api = await startTestApi({ drainMs: 1_000 });
  const { key } = await api.newKey('acme', 'VIEWER');
  const ask = () =>
    fetch(`${api.address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: '{ viewer { role } }' }),
    });
  const { headers } = await ask();
  expect([headers.get('connection'), headers.get('keep-alive')]).toEqual(['keep-alive', 'timeout=1']);
  const stopped = api.stop();
  const ready = await fetch(`${api.address}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { failed: ['draining'] }]);
  expect((await fetch(`${api.address}/livez`)).status).toBe(200);
  const answer = await ask();
  expect([answer.headers.get('connection'), await answer.json()]).toEqual([
    'close',
    { data: { viewer: { role: 'VIEWER' } } },
  ]);
  const socket = await openAcknowledged(api.address, key);
  expect((await socket.closed).code).toBe(1001);
  await stopped;
  await expect(fetch(`${api.address}/livez`)).rejects.toThrow('fetch failed');
});

it('closes many sockets one after the other, within some two seconds', async () => {
  const api = await startTestApi();
  const { key } = await api.newKey('acme', 'VIEWER');
  const sockets = await Promise.all(Array.from({ length: 60 }, () => openAcknowledged(api.address, key)));
  const closedMs = sockets.map(async ({ closed }) => {
    expect((await closed).code).toBe(1001);
    return performance.now();
  });
  await api.stop();
  const times = (await Promise.all(closedMs)).toSorted((one, other) => one - other);
  const spreadMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  expect(spreadMs).toBeGreaterThan(200);
  expect(spreadMs).toBeLessThan(2_500);
});

it('stops although a client does not read its answer', async () => {
  const api = await startTestApi();
  const { hostname, port } = new URL(api.address);
  const stalled = connect(Number(port), hostname);
  stalled.write('GET /graphql/assets/graphiql.js HTTP/1.1\r\nhost: api\r\n\r\n');
  await once(stalled, 'readable');
  await expect(api.stop()).resolves.toBeUndefined();
  stalled.destroy();
});
