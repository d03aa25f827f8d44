import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { METRICS_CONTENT_TYPE, type Metrics } from './metrics/metrics.js';

const CHECK_TIMEOUT_MS = 2_000;

/** Resolves where all is well, rejects where not. */
export type HealthCheck = (signal: AbortSignal) => Promise<unknown>;

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Asked by `/livez`: what only a restart mends. */
  readonly live: Readonly<Record<string, HealthCheck>>;
  /** Asked by `/readyz`: what must be there to do the work. */
  readonly ready: Readonly<Record<string, HealthCheck>>;
  readonly metrics: Metrics;
}

export interface HealthServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * `/livez` and `/readyz` answer 200 or 503 and `{"failed": [names]}`: no error texts, since anyone may ask.
 * Each check has two seconds. `/metrics` is Prometheus' to read.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => void answer(request, response, options));
  await listen(server, options);
  return { port: (server.address() as AddressInfo).port, stop: () => close(server) };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: HealthServerOptions): Promise<void> {
  if (request.url === '/metrics') {
    const text = await options.metrics.render();
    response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(text);
    return;
  }
  const checks = checksFor(request.url, options);
  if (checks === undefined) {
    response.writeHead(404).end();
    return;
  }
  const failed = await failedChecks(checks);
  response.writeHead(failed.length === 0 ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ failed }));
}

function checksFor(url: string | undefined, options: HealthServerOptions) {
  if (url === '/livez') return options.live;
  return url === '/readyz' ? options.ready : undefined;
}

/** Names of the checks that fail or do not answer in time. */
export async function failedChecks(checks: Readonly<Record<string, HealthCheck>>): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ((await passes(check)) ? [] : [name])),
  );
  return results.flat();
}

async function passes(check: HealthCheck): Promise<boolean> {
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const timeout = new Promise<false>((resolve) =>
    signal.addEventListener('abort', () => resolve(false), { once: true }),
  );
  const passed = (async () => check(signal))().then(
    () => true,
    () => false,
  );
  return Promise.race([passed, timeout]);
}

function listen(server: Server, options: HealthServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
