import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpFaultProxy, type FaultProxy } from './fault-proxy.js';

describe('a TCP fault proxy', () => {
  const echo = createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => undefined).pipe(socket));
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
