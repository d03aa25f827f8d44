import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@ccluster/testkit';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openAcknowledged } from '../testing/raw-socket.js';
import { createTestJob, seedLog, seedPod } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';
import { createOutbounds } from './outbound.js';

const LINES = 200 * 16;
/** More than fits between the api and a client that takes nothing. */
const LOG_BYTES = LINES * 16_000;
/** Of a client that answers no ping: two of them, twelve seconds apart. */
const CUT_WITHIN_MS = 30_000;

describe('a client that takes nothing', () => {
  let api: TestApi;
  let caller: TestCaller;
  let jobId: string;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    jobId = await createTestJob(caller, { name: 'long-log' });
    const podId = await seedPod(api.database, jobId);
    await seedLog(api.database, { jobId, podId }, 1, Array<string>(16).fill('x'.repeat(16_000)));
    await api.database.pool.query(
      `insert into log_chunks (job_id, pod_id, first_number, line_count, body)
        select job_id, pod_id, number * 16 + 1, 16, body from log_chunks, generate_series(1, $2) as number
        where job_id = $1`,
      [jobId, LINES / 16 - 1],
    );
  });

  afterAll(() => api.stop());

  const follow = (after?: string) =>
    `subscription { jobLogs(jobId: "${jobId}"${after === undefined ? '' : `, after: "${after}"`}) { cursor lines { number } } }`;
  interface Batch {
    readonly cursor: string;
    readonly lines: readonly { number: number }[];
  }

  it(
    'is cut, and goes on after the last cursor it has with nothing lost or doubled, and little waits for it meanwhile',
    async () => {
      const socket = await openAcknowledged(api.address, caller.key);
      const text = follow().replace('{ number }', '{ number text }');
      for (let i = 0; i < 20; i += 1) {
        socket.send({ type: 'subscribe', id: `s${i}`, payload: { query: text } });
      }
      const first = (await socket.next()).payload as { data: { jobLogs: Batch } };
      socket.socket.pause();
      const before = process.memoryUsage();
      await sleep(5_000);
      const after = process.memoryUsage();
      const grownBytes = after.rss - before.rss;
      console.log(
        `20 subscriptions to ${LOG_BYTES / 1e6} MB each that nobody takes: ${(grownBytes / 1e6).toFixed(0)} MB`,
      );
      expect(grownBytes).toBeLessThan(LOG_BYTES * 5);
      await sleep(CUT_WITHIN_MS - 5_000);
      socket.socket.resume();
      expect((await socket.closed).code).toBe(1006);

      const numbers = first.data.jobLogs.lines.map(({ number }) => number);
      const client = createClient({
        url: `${api.address.replace('http', 'ws')}/graphql`,
        connectionParams: { authorization: `Bearer ${caller.key}` },
        webSocketImpl: WebSocket,
      });
      const rest = client.iterate<{ jobLogs: Batch }>({ query: follow(first.data.jobLogs.cursor) });
      for await (const { data } of rest) {
        numbers.push(...data!.jobLogs.lines.map(({ number }) => number));
        if (numbers.length >= LINES) break;
      }
      await client.dispose();
      expect(numbers).toEqual(Array.from({ length: LINES }, (_, i) => i + 1));
    },
    CUT_WITHIN_MS * 2,
  );

  it('has no answers pile up by pings and by refusals', async () => {
    const socket = await openAcknowledged(api.address, caller.key);
    socket.socket.pause();
    const payload = { x: 'x'.repeat(60_000) };
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 2_000; i += 1) {
      socket.send({ type: 'ping', payload });
      if (i % 100 === 0) await sleep(10);
    }
    await sleep(2_000);
    const waiting = socket.socket.bufferedAmount;
    const grown = process.memoryUsage().rss - before;
    console.log(
      `120 MB of pings: ${(waiting / 1e6).toFixed(0)} MB were not read, memory grew by ${(grown / 1e6).toFixed(0)} MB`,
    );
    // The server has stopped reading: most waits at the client, in this test.
    expect(waiting).toBeGreaterThan(60e6);
    socket.end();
  });

  it('is not read from faster than any client sends', async () => {
    const socket = await openAcknowledged(api.address, caller.key);
    const startMs = performance.now();
    for (let i = 0; i < 2_000; i += 1) socket.send({ type: 'ping' });
    for (let i = 0; i < 2_000; i += 1) await socket.next();
    // All of these may have been read together; what comes after them pays for them.
    socket.send({ type: 'ping' });
    await socket.next();
    expect(performance.now() - startMs).toBeGreaterThan(1_800);
    socket.end();
  });
});

describe('what waits for clients', () => {
  it('is bounded: the slowest of them is cut', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
    const cut: number[] = [];
    const outbounds = createOutbounds((bytes) => cut.push(bytes), 50_000_000);
    const openPair = async () => {
      const client = new WebSocket(url);
      const [socket] = (await once(sockets, 'connection')) as [WebSocket];
      await once(client, 'open');
      return { client, socket, outbound: outbounds.open(socket) };
    };
    const [slow, fast] = [await openPair(), await openPair()];
    slow.client.pause();
    let received = 0;
    fast.client.on('message', () => (received += 1));
    const message = 'x'.repeat(1_000_000);
    const sent: Promise<void>[] = [];
    for (let i = 0; i < 80; i += 1) {
      sent.push(slow.outbound.send(message));
      await fast.outbound.send(message);
      expect(outbounds.waitingBytes()).toBeLessThanOrEqual(50_000_000);
    }
    await Promise.all(sent);
    const closed = once(slow.client, 'close');
    slow.client.resume();
    await closed;
    expect([cut.length, cut[0]! > 40_000_000]).toEqual([1, true]);
    expect(fast.client.readyState).toBe(WebSocket.OPEN);
    await waitFor(() => received === 80, { timeoutMs: 5_000, what: 'all that was sent to the fast one' });
    fast.client.terminate();
    sockets.close();
    server.close();
  });
});
