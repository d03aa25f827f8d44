import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allowClusterAddresses } from '../access/cluster-addresses.js';
import { type ClusterConnection, connectCluster } from '../connection/connection.js';

export interface FakeRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

export const anywhere = allowClusterAddresses(['0.0.0.0/0', '::/0']);

/** Answers one request; what it throws becomes a reset connection. */
export type FakeAnswer = (request: FakeRequest, response: ServerResponse) => void | Promise<void>;

export interface FakeApiServer {
  connection: ClusterConnection;
  port: number;
  /** In the order they came. */
  requests: FakeRequest[];
  stop(): Promise<void>;
}

/** An API server that says and does exactly what a test tells it, faults included. Plain HTTP, which no parse function lets through. */
export async function startFakeApiServer(answer: FakeAnswer): Promise<FakeApiServer> {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = await readRequest(incoming);
      requests.push(request);
      await answer(request, response);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = connectCluster(
    { server: `http://127.0.0.1:${port}`, bearerToken: 'test-token' },
    { addresses: anywhere, requestTimeoutMs: 5_000 },
  );
  const stop = async (): Promise<void> => {
    await connection.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { connection, port, requests, stop };
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const url = new URL(incoming.url ?? '/', 'http://fake');
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body,
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Kubernetes' body of a refusal. */
export function statusBody(
  code: number,
  reason: string,
  message: string,
  details: Record<string, unknown> = {},
): Record<string, unknown> {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message, details };
}
