import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../wait-for.js';
import { startTcpFaultProxy, type FaultProxy } from './tcp-fault-proxy.js';

describe('a TCP fault proxy', () => {
  const taken = new Set<Socket>();
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    taken.add(socket.on('close', () => taken.delete(socket)));
    socket.on('error', () => undefined).pipe(socket);
  });
  let proxy: FaultProxy;

  beforeEach(async () => {
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    proxy = await startTcpFaultProxy({ target: { host: '127.0.0.1', port: (echo.address() as AddressInfo).port } });
  });

  afterEach(async () => {
    await proxy.close();
    echo.close();
    await once(echo, 'close');
  });

  it('passes bytes both ways, also more than any buffer holds, and the end of them', async () => {
    const { socket, received } = open(proxy);
    const sent = Buffer.alloc(5_000_000, 'x');
    socket.end(sent);
    await once(socket, 'close');
    expect(received().equals(sent)).toBe(true);
  });

  it('resets new connections while it refuses', async () => {
    proxy.mode = 'refuse';
    expect(await errorOf(open(proxy).socket)).toBe('ECONNRESET');
  });

  it('resets all connections at once', async () => {
    const sockets = [open(proxy).socket, open(proxy).socket];
    await Promise.all(sockets.map((socket) => echoed(socket, 'a')));
    const errors = Promise.all(sockets.map(errorOf));
    proxy.resetAll();
    expect(await errors).toEqual(['ECONNRESET', 'ECONNRESET']);
  });

  it('moves no byte while it stalls, and all of them after', async () => {
    const { socket, received } = open(proxy);
    await echoed(socket, 'a');
    proxy.mode = 'stall';
    socket.write('b');
    await sleep(100);
    expect(received().toString()).toBe('a');
    proxy.mode = 'pass';
    await once(socket, 'data');
    expect(received().toString()).toBe('ab');
  });

  it('takes connections while it is partitioned, lets nothing through, no reset either, and all of it after', async () => {
    const { socket, received } = open(proxy);
    await echoed(socket, 'a');
    proxy.mode = 'partition';
    socket.write('b');
    const during = open(proxy);
    during.socket.write('c');
    await once(during.socket, 'connect');
    const server = [...taken][0];
    server?.resetAndDestroy();
    await sleep(100);
    expect([taken.size, received().toString(), during.received().toString()]).toEqual([0, 'a', '']);
    expect(socket.destroyed).toBe(false);
    const error = errorOf(socket);
    proxy.mode = 'pass';
    await once(during.socket, 'data');
    expect([await error, during.received().toString()]).toEqual(['ECONNRESET', 'c']);
  });

  it('keeps the client of a half-open connection waiting for ever, and serves new ones afterwards', async () => {
    const before = open(proxy);
    await echoed(before.socket, 'a');
    proxy.mode = 'half-open';
    const during = open(proxy);
    await waitFor(() => taken.size === 0, { timeoutMs: 1_000, what: 'the server to lose its connection' });
    proxy.mode = 'pass';
    for (const { socket } of [before, during]) socket.end('b');
    await echoed(open(proxy).socket, 'c');
    await sleep(100);
    for (const { socket, received } of [before, during]) {
      expect([socket.destroyed, socket.readableEnded]).toEqual([false, false]);
      expect(received().toString()).not.toContain('b');
    }
  });

  it('carries no more bytes per second than it is to, each way', async () => {
    proxy.bytesPerSecond = 2_000;
    const startedAtMs = performance.now();
    const { socket, received } = open(proxy);
    socket.write('x'.repeat(600));
    await waitFor(() => received().length === 600, { timeoutMs: 5_000, what: 'all bytes' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(250);
  });

  it('takes its time each way', async () => {
    proxy.latencyMs = 100;
    const { socket } = open(proxy);
    await once(socket, 'connect');
    const sentAtMs = performance.now();
    await echoed(socket, 'a');
    expect(performance.now() - sentAtMs).toBeGreaterThan(190);
  });

  it('tells the URL that leads through it', () => {
    expect(proxy.through('postgres://me:secret@db.example:5432/jobs?sslmode=disable')).toBe(
      `postgres://me:secret@${proxy.host}:${proxy.port}/jobs?sslmode=disable`,
    );
  });

  it('resets a connection after so many bytes, and only once', async () => {
    proxy.resetAfterBytes(3);
    const first = open(proxy).socket;
    await echoed(first, 'ab');
    const error = errorOf(first);
    first.write('cd');
    expect(await error).toBe('ECONNRESET');
    await echoed(open(proxy).socket, 'abcdef');
  });

  it('resets connections to a server that is not there', async () => {
    const nobody = await startTcpFaultProxy({ target: { host: '127.0.0.1', port: 1 } });
    expect(await errorOf(open(nobody).socket)).toBe('ECONNRESET');
    await nobody.close();
  });
});

function open({ port, host }: FaultProxy): { socket: Socket; received: () => Buffer } {
  const chunks: Buffer[] = [];
  const socket = connect(port, host);
  socket.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
  return { socket, received: () => Buffer.concat(chunks) };
}

async function echoed(socket: Socket, text: string): Promise<void> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toBe(text);
}

async function errorOf(socket: Socket): Promise<string | undefined> {
  const [error] = (await once(socket, 'error').catch((thrown: unknown) => [thrown])) as [NodeJS.ErrnoException];
  return error.code;
}
