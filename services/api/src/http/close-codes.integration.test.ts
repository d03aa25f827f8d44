import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { createLogger } from '@ccluster/runtime';
import { makeServer } from 'graphql-ws';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { hashApiKey } from '../access/api-key.js';
import { openAcknowledged, openRawSocket, type RawSocket } from '../testing/raw-socket.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import { bindSocket } from './bind-socket.js';
import { MAX_GREETING_BYTES, MAX_REQUEST_BYTES } from './limits.js';
import { createOutbounds } from './outbound.js';

const LIMITS = { perCaller: 2, perOrganization: 3, perAddress: 40 };
const PING = { type: 'ping' };
const SUBSCRIBE = { type: 'subscribe', id: '1', payload: { query: 'subscription { jobUpdates { cursor } }' } };

/** More than is read of a socket until a key's revocation is seen. */
const PACED_MESSAGES = 10_000;

/** Each code that this server closes a socket with. */
describe('a socket is closed with', () => {
  let api: TestApi;
  let key: string;
  let shown = 0;
  const codes = new Set<number>();
  const cases: string[] = [];

  beforeAll(async () => {
    api = await startTestApi({ socketLimits: LIMITS });
    ({ key } = await api.newKey('acme', 'VIEWER'));
  });

  afterAll(async () => {
    console.log(`Close codes: ${shown} of ${cases.length} cases as they should be, codes ${[...codes].join(', ')}`);
    await api.stop();
  });

  const closes = (code: number, when: string, provoke: () => Promise<RawSocket>, timeoutMs?: number) => {
    cases.push(when);
    it(
      `${code} ${when}`,
      async () => {
        const socket = await provoke();
        expect((await socket.closed).code).toBe(code);
        codes.add(code);
        shown += 1;
      },
      timeoutMs,
    );
  };
  const sending = async (socket: RawSocket, ...messages: Parameters<RawSocket['send']>[0][]) => {
    for (const message of messages) socket.send(message);
    return socket;
  };
  const open = () => openRawSocket(api.address);
  const acknowledged = () => openAcknowledged(api.address, key);
  const changeKey = (changed: string, set: string) =>
    api.database.pool.query(`update api_keys set ${set} where secret_hash = $1`, [hashApiKey(changed)]);
  const init = (authorization: string) => ({ type: 'connection_init', payload: { authorization } });

  closes(4400, 'for what is no JSON', async () => sending(await open(), '{'));
  closes(4400, 'for an unknown type', async () => sending(await acknowledged(), { type: 'nonsense' }));
  for (const type of ['connection_ack', 'next', 'error']) {
    closes(4400, `for ${type}, which only servers send`, async () =>
      sending(await acknowledged(), { type, id: '1', payload: type === 'error' ? [{ message: '' }] : {} }),
    );
  }
  closes(4400, 'for subscribe without an id', async () =>
    sending(await acknowledged(), { type: 'subscribe', payload: { query: '{ a }' } }),
  );
  closes(4400, 'for subscribe with an empty id', async () => sending(await acknowledged(), { ...SUBSCRIBE, id: '' }));
  closes(4400, 'for subscribe without a query', async () =>
    sending(await acknowledged(), { type: 'subscribe', id: '1', payload: {} }),
  );
  closes(4400, 'for variables that are no object', async () =>
    sending(await acknowledged(), { ...SUBSCRIBE, payload: { query: '{ a }', variables: 1 } }),
  );
  closes(4400, 'for complete without an id', async () => sending(await acknowledged(), { type: 'complete' }));
  closes(4401, 'for subscribe before connection_ack', async () => sending(await open(), SUBSCRIBE));
  closes(4401, 'for a key of nobody', async () => sending(await open(), init(`Bearer cck_${'x'.repeat(43)}`)));
  closes(4401, 'for no key', async () => sending(await open(), { type: 'connection_init' }));
  closes(4403, 'as its key ends', async () => {
    const { key: brief } = await api.newKey('acme', 'VIEWER');
    await changeKey(brief, "expires_at = now() + interval '2 seconds'");
    return openAcknowledged(api.address, brief);
  });
  closes(
    4403,
    'for a key that is revoked, whatever it still sends',
    async () => {
      const { key: revoked } = await api.newKey('acme', 'VIEWER');
      const socket = await openAcknowledged(api.address, revoked);
      await changeKey(revoked, 'revoked_at = now()');
      return sending(socket, ...Array.from({ length: PACED_MESSAGES }, () => PING));
    },
    20_000,
  );
  closes(4406, 'for no sub-protocol', () => openRawSocket(api.address, []));
  closes(4408, 'for no connection_init within ten seconds', open, 20_000);
  closes(4409, 'for an id that is in use', async () => sending(await acknowledged(), SUBSCRIBE, SUBSCRIBE));
  closes(4429, 'for a second connection_init', async () => sending(await acknowledged(), init(`Bearer ${key}`)));
  closes(4429, 'for a second connection_init before the first is acknowledged', async () =>
    sending(await open(), init(`Bearer ${key}`), init(`Bearer ${key}`)),
  );
  closes(1009, 'for a message larger than any request', async () =>
    sending(await acknowledged(), 'x'.repeat(MAX_REQUEST_BYTES + 1)),
  );
  closes(1009, 'for a message larger than a token before connection_ack', async () =>
    sending(await open(), init('x'.repeat(MAX_GREETING_BYTES))),
  );
  closes(1007, 'for text that is no UTF-8', async () => {
    const socket = await acknowledged();
    socket.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    return socket;
  });
  closes(1002, 'for a frame that is none', async () => {
    const socket = await acknowledged();
    // Bits that are reserved.
    (socket.socket as unknown as Record<'_socket', Socket>)['_socket'].write(Buffer.from([0xff, 0x00]));
    return socket;
  });
  closes(1013, 'for more sockets than a key may have', async () => {
    const { key: busy } = await api.newKey('busy', 'VIEWER');
    for (let i = 0; i < LIMITS.perCaller; i += 1) await openAcknowledged(api.address, busy);
    return sending(await open(), init(`Bearer ${busy}`));
  });
  closes(1013, 'for more sockets than an organization may have', async () => {
    const { key: first } = await api.newKey('crowd', 'VIEWER');
    const { key: second } = await api.newKey('crowd', 'SUBMITTER');
    for (const each of [first, first, second]) await openAcknowledged(api.address, each);
    return sending(await open(), init(`Bearer ${second}`));
  });
  closes(4500, 'for a fault of the server', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    const log = createLogger('test', { write: () => {} });
    const broken = makeServer({
      schema: buildSchema('type Query { a: Int }'),
      onConnect: () => {
        throw new Error('broken');
      },
    });
    sockets.on('connection', (socket) => {
      const outbound = createOutbounds(() => {}).open(socket);
      bindSocket(broken, socket, { extra: { isAcknowledged: () => true }, outbound, log });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = await openRawSocket(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    socket.socket.once('close', () => {
      sockets.close();
      server.close();
    });
    return sending(socket, { type: 'connection_init' });
  });
  closes(1001, 'as the server stops', async () => {
    const another = await startTestApi();
    const socket = await openAcknowledged(another.address, (await another.newKey('acme', 'VIEWER')).key);
    await another.stop();
    return socket;
  });

  it('429 of HTTP before it is one, for more sockets than an address may have', async () => {
    const sockets: WebSocket[] = [];
    const refused = new Promise<{ status?: number; retryAfter: unknown }>((resolve) => {
      for (let i = 0; i < LIMITS.perAddress + 20; i += 1) {
        const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
        socket.on('error', () => {});
        socket.on('unexpected-response', (_request, response) =>
          resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after'] }),
        );
        sockets.push(socket);
      }
    });
    expect(await refused).toEqual({ status: 429, retryAfter: '5' });
    for (const socket of sockets) socket.terminate();
  });
});
