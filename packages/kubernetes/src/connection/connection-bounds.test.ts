import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { allowClusterAddresses } from '../access/cluster-addresses.js';
import { answering } from '../testing/answering.js';
import { anywhere, sendJson } from '../testing/fake-api-server.js';
import { faultOf } from '../testing/fault-of.js';
import { connectCluster } from './connection.js';

describe('an address that is not allowed', () => {
  it.each(['127.0.0.1', '[::1]', 'localhost', '2130706433'])('is not connected to: %s', async (host) => {
    const { requests, port } = await answering((_, response) => sendJson(response, 200, {}));
    const connection = connectCluster(
      { server: `http://${host}:${port}`, bearerToken: 't' },
      { addresses: allowClusterAddresses([]), requestTimeoutMs: 5_000 },
    );
    const call = { query: {}, signal: new AbortController().signal, idleTimeoutMs: 5_000 };
    for (const ask of [() => connection.getJson('/version', {}), () => connection.openStream('/version', call)])
      expect(await faultOf(ask())).toMatchObject({ kind: 'UNREACHABLE', reason: 'ADDRESS_NOT_ALLOWED' });
    await connection.close();
    expect(requests).toEqual([]);
  });
});

describe('a connection that may deliver no more than so much', () => {
  it('may fail before it delivers anything', async () => {
    const connection = connectCluster(
      { server: 'https://127.0.0.1:1', bearerToken: 't' },
      { addresses: anywhere, requestTimeoutMs: 5_000, maxConnectionBytes: 100_000 },
    );
    expect(await faultOf(connection.getJson('/version', {}))).toMatchObject({ reason: 'ECONNREFUSED' });
    await connection.close();
  });

  const ok = 'HTTP/1.1 200 OK\r\n';
  it.each([
    ['a long answer', `${ok}Content-Length: 900000\r\n\r\n`, ' '],
    ['heads that announce another', '', 'HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n'],
    ['a chunk whose margin does not end', `${ok}Transfer-Encoding: chunked\r\n\r\n1;`, 'x'],
  ])('ends in %s', async (_, start, piece) => {
    const { port } = await answering((__, { socket }) => {
      if (socket === null) return;
      socket.write(start);
      const pump = (): void => {
        while (!socket.destroyed && socket.write(piece.repeat(1_000)));
        if (!socket.destroyed) socket.once('drain', pump);
      };
      pump();
    });
    const connection = connectCluster(
      { server: `http://localhost:${port}`, bearerToken: 't' },
      { addresses: anywhere, requestTimeoutMs: 5_000, maxConnectionBytes: 100_000 },
    );
    expect(await faultOf(connection.getJson('/version', {}))).toMatchObject({ reason: 'ResponseTooLarge' });
    await connection.close();
  });
});

describe('a server that takes connections and says nothing', () => {
  it('holds nobody up who gives up, nor longer than a call may take', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const connection = connectCluster(
      { server: `https://127.0.0.1:${port}`, bearerToken: 't' },
      { addresses: anywhere, requestTimeoutMs: 5_000 },
    );
    const beginMs = performance.now();
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const attempts = [
      connection.getJson('/version', { signal }),
      connection.openStream('/version', { query: {}, signal, idleTimeoutMs: 5_000 }),
    ];
    setTimeout(() => giveUp.abort(new Error('given up')), 100);
    for (const attempt of attempts) await expect(attempt).rejects.toThrow('given up');
    expect(await faultOf(connection.getJson('/version', { timeoutMs: 200 }))).toMatchObject({ kind: 'TIMEOUT' });
    expect(performance.now() - beginMs).toBeLessThan(4_000);
    await connection.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
