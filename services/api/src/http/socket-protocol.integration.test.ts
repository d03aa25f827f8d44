import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openAcknowledged, openRawSocket, type RawSocket } from '../testing/raw-socket.js';
import { createTestJob } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const VIEWER = '{ viewer { role } }';
const ENDLESS = 'subscription { jobUpdates { cursor } }';
const subscribe = (id: string, query: string, more: Record<string, unknown> = {}) => ({
  type: 'subscribe',
  id,
  payload: { query, ...more },
});

/** PROTOCOL.md of graphql-ws, rule by rule, by a socket that keeps to none. */
describe('by the protocol graphql-transport-ws', () => {
  let api: TestApi;
  let caller: TestCaller;
  const rules = { all: 0, held: 0 };

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(async () => {
    console.log(`PROTOCOL.md of graphql-ws: ${rules.held} of ${rules.all} rules held`);
    await api.stop();
  });

  afterEach(({ task }) => {
    rules.all += 1;
    if (task.result?.errors === undefined) rules.held += 1;
  });

  const open = () => openRawSocket(api.address);
  const acknowledged = () => openAcknowledged(api.address, caller.key);
  const expectIdle = async (socket: RawSocket) => {
    socket.send({ type: 'ping', payload: { n: 1 } });
    expect(await socket.next()).toMatchObject({ type: 'pong' });
  };

  it('the sub-protocol is agreed on', async () => {
    const socket = await openRawSocket(api.address, ['other', 'graphql-transport-ws']);
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.end();
  });

  it('another sub-protocol is not agreed on', async () => {
    await expect(openRawSocket(api.address, ['graphql-ws'])).rejects.toThrow('Server sent no subprotocol');
  });

  it('connection_init is acknowledged', async () => {
    const socket = await acknowledged();
    expect(socket.socket.readyState).toBe(socket.socket.OPEN);
    socket.end();
  });

  it('a ping is answered at any time, with its payload or without', async () => {
    const socket = await open();
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send({ type: 'ping', payload: { n: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { n: 1 } });
    socket.end();
  });

  it('a pong may come unasked', async () => {
    const socket = await acknowledged();
    socket.send({ type: 'pong', payload: { n: 1 } });
    await expectIdle(socket);
    socket.end();
  });

  it('a query is answered by one next and complete', async () => {
    const socket = await acknowledged();
    socket.send(subscribe('q', VIEWER));
    expect([await socket.next(), await socket.next()]).toEqual([
      { type: 'next', id: 'q', payload: { data: { viewer: { role: 'SUBMITTER' } } } },
      { type: 'complete', id: 'q' },
    ]);
    socket.end();
  });

  it('a mutation is answered by one next and complete, with variables and the name of the operation', async () => {
    const jobId = await createTestJob(caller, { name: 'of-protocol' });
    const socket = await acknowledged();
    const query = 'query A { __typename } mutation B ($id: ID!) { cancelJob(id: $id) { id } }';
    socket.send(subscribe('m', query, { operationName: 'B', variables: { id: jobId } }));
    expect([await socket.next(), await socket.next()]).toEqual([
      { type: 'next', id: 'm', payload: { data: { cancelJob: { id: jobId } } } },
      { type: 'complete', id: 'm' },
    ]);
    socket.end();
  });

  it('null variables, operation name and extensions are none', async () => {
    const socket = await acknowledged();
    socket.send(subscribe('q', VIEWER, { operationName: null, variables: null, extensions: null }));
    expect(await socket.next()).toMatchObject({ type: 'next' });
    socket.end();
  });

  it('what is refused before it runs is an error, ends its id, and not the socket', async () => {
    const socket = await acknowledged();
    for (const query of ['{', '{ nothing }', 'query ($id: ID!) { job(id: $id) { id } }']) {
      socket.send(subscribe('e', query));
      expect(await socket.next()).toMatchObject({ type: expect.stringMatching(/error|next/) as string, id: 'e' });
      for (const rest of socket.taken()) expect(rest.type).toBe('complete');
    }
    await expectIdle(socket);
    socket.end();
  });

  it.each([
    'subscription { jobUpdates @skip(if: true) { cursor } }',
    'subscription ($no: Boolean = false) { ... on Subscription { jobUpdates @include(if: $no) { cursor } } }',
    'subscription { ...F @skip(if: true) } fragment F on Subscription { jobUpdates { cursor } }',
  ])('a subscription without a field is an error, and ends nothing else: %s', async (query) => {
    const socket = await acknowledged();
    socket.send(subscribe('s', query));
    const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
    expect(await socket.next()).toMatchObject({ type: 'error', id: 's', payload: [{ extensions }] });
    await expectIdle(socket);
    socket.end();
  });

  it('an id may be used again once it is complete', async () => {
    const socket = await acknowledged();
    for (let round = 0; round < 3; round += 1) {
      socket.send(subscribe('same', VIEWER));
      expect([(await socket.next()).type, (await socket.next()).type]).toEqual(['next', 'complete']);
    }
    socket.end();
  });

  it('an id may be used again as soon as its client has completed it', async () => {
    const socket = await acknowledged();
    for (let round = 0; round < 20; round += 1) {
      socket.send(subscribe('same', ENDLESS));
      socket.send({ type: 'complete', id: 'same' });
    }
    socket.send(subscribe('same', VIEWER));
    let message = await socket.next();
    while (message.type !== 'complete') message = await socket.next();
    await expectIdle(socket);
    socket.end();
  });

  it('nothing more comes of what its client has completed', async () => {
    const socket = await acknowledged();
    socket.send(subscribe('s', ENDLESS));
    await createTestJob(caller, { name: 'seen' });
    expect(await socket.next()).toMatchObject({ type: 'next', id: 's' });
    socket.send({ type: 'complete', id: 's' });
    socket.send({ type: 'ping' });
    // What was on its way.
    while ((await socket.next()).type !== 'pong');
    await createTestJob(caller, { name: 'unseen' });
    socket.send(subscribe('q', VIEWER));
    expect([(await socket.next()).id, (await socket.next()).id]).toEqual(['q', 'q']);
    socket.end();
  });

  it('completing what is not there does nothing', async () => {
    const socket = await acknowledged();
    socket.send({ type: 'complete', id: 'none' });
    await expectIdle(socket);
    socket.end();
  });

  it('operations of one socket run side by side', async () => {
    const socket = await acknowledged();
    socket.send(subscribe('s', ENDLESS));
    for (let i = 0; i < 10; i += 1) socket.send(subscribe(`q${i}`, VIEWER));
    const completed = new Set<string | undefined>();
    while (completed.size < 10) {
      const { type, id } = await socket.next();
      if (type === 'complete') completed.add(id);
    }
    expect(completed.has('s')).toBe(false);
    socket.end();
  });

  it('a subscription that ends is completed', async () => {
    const jobId = await createTestJob(caller, { name: 'ends' });
    await caller.ask('mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id: jobId });
    const socket = await acknowledged();
    socket.send(subscribe('s', `subscription { jobEvents(jobId: "${jobId}") { cursor } }`));
    let message = await socket.next();
    while (message.type === 'next') message = await socket.next();
    expect(message).toEqual({ type: 'complete', id: 's' });
    socket.end();
  });

  it('a message of many frames is one', async () => {
    const socket = await acknowledged();
    const text = JSON.stringify(subscribe('q', VIEWER));
    socket.socket.send(text.slice(0, 20), { fin: false });
    socket.socket.send(text.slice(20), { fin: true });
    expect(await socket.next()).toMatchObject({ type: 'next', id: 'q' });
    socket.end();
  });
});
