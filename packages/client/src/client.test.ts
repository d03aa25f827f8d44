import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { createClient } from './ccluster-client.js';
import { RequestRefused } from './errors.js';

describe('a subscription of the client', () => {
  let server: WebSocketServer;
  let connections: number;

  beforeEach(async () => {
    connections = 0;
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
  });

  afterEach(() => {
    server.close();
    for (const socket of server.clients) socket.terminate();
  });

  /** Each socket is closed with the next of the codes. */
  const follow = async (...codes: readonly number[]) => {
    server.on('connection', (socket) => {
      socket.close(codes[connections], 'closed');
      connections += 1;
    });
    const { port } = server.address() as AddressInfo;
    const client = createClient({ url: `http://127.0.0.1:${port}/graphql`, apiKey: 'cck_x' });
    try {
      await client.followEvents('job_1').next();
      throw new Error('It did not end');
    } catch (error) {
      return error;
    } finally {
      await client.close();
    }
  };

  it.each([4401, 4403])('ends as the server closes its socket with %i: it would say no again', async (code) => {
    const error = await follow(code);
    expect(error).toBeInstanceOf(RequestRefused);
    expect((error as RequestRefused).code).toBe('UNAUTHENTICATED');
    expect(connections).toBe(1);
  });

  it.each([1001, 1013])('comes back where its socket is closed with %i', async (code) => {
    expect(await follow(code, 4401)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(connections).toBe(2);
  });
});
