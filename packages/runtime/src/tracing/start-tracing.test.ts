import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { startLifecycle, type Lifecycle } from '../lifecycle.js';
import { createLogger } from '../logger.js';
import { inSpan, recordSpan } from './spans.js';
import { startTracing } from './start-tracing.js';

const CANARY = 'canary-8f11';
/** A full queue, and the batch that is under way. */
const MOST_SPANS_KEPT = 4_096 + 512;

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((closed) => (server === undefined ? closed(undefined) : server.close(closed)));
  server = undefined;
});

async function collector(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
}

async function started(url: string): Promise<{ lifecycle: Lifecycle; lines: string[] }> {
  const lines: string[] = [];
  const log = createLogger('api', { write: (line: string) => void lines.push(line) });
  const lifecycle = startLifecycle({ log, stopTimeoutMs: 9_000 });
  const headers = { authorization: `Bearer ${CANARY}` };
  await startTracing({ url, headers, ratio: 1, serviceName: 'ccluster-api' }, lifecycle, log);
  return { lifecycle, lines };
}

async function stopMs(lifecycle: Lifecycle): Promise<number> {
  const beganMs = performance.now();
  await lifecycle.stop();
  return performance.now() - beganMs;
}

describe('tracing', () => {
  it('sends what is queued before the process ends, with the headers that it is given', async () => {
    const requests: { body: string; authorization: string | undefined }[] = [];
    const url = await collector((request, response) => {
      void text(request).then((body) => {
        requests.push({ body, authorization: request.headers.authorization });
        return response.end('{}');
      });
    });
    const { lifecycle, lines } = await started(url);
    lifecycle.onStop('server', () => inSpan('last', {}, () => Promise.resolve()));
    await lifecycle.stop();
    expect(requests).toHaveLength(1);
    expect(requests[0]?.authorization).toBe(`Bearer ${CANARY}`);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'last' }] }] }],
    });
    expect(lines).toEqual([]);
  });

  it('gives up a collector that hangs, after two seconds', async () => {
    const url = await collector(() => undefined);
    const { lifecycle } = await started(url);
    recordSpan('last', { beganMs: Date.now() });
    const tookMs = await stopMs(lifecycle);
    expect(tookMs).toBeGreaterThan(1_500);
    expect(tookMs).toBeLessThan(6_000);
  });

  it('keeps no more than a bounded number of spans for one that hangs', async () => {
    let received = 0;
    const url = await collector((request) => {
      void text(request).then((body) => {
        received += body.split('"spanId"').length - 1;
        return undefined;
      });
    });
    const { lifecycle } = await started(url);
    for (let span = 0; span < 30_000; span += 1) recordSpan('many', { beganMs: Date.now() });
    await stopMs(lifecycle);
    expect(received).toBe(MOST_SPANS_KEPT);
  });

  it.each([
    ['refuses', (response: ServerResponse) => response.writeHead(400, CANARY).end(CANARY)],
    ['breaks off', (response: ServerResponse) => response.destroy()],
    ['answers no JSON', (response: ServerResponse) => response.end(`<html>${CANARY}`)],
  ])('goes on where the collector %s, and tells it once at most, without its words', async (_, answer) => {
    const url = await collector((_request, response) => void answer(response));
    const { lifecycle, lines } = await started(url);
    recordSpan('lost', { beganMs: Date.now() });
    expect(await inSpan('next', {}, () => Promise.resolve(7))).toBe(7);
    expect(await stopMs(lifecycle)).toBeLessThan(6_000);
    expect(lines.length).toBeLessThanOrEqual(1);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('goes on where there is no collector', async () => {
    const url = await collector(() => undefined);
    await new Promise((closed) => server?.close(closed));
    const { lifecycle } = await started(url);
    recordSpan('lost', { beganMs: Date.now() });
    expect(await stopMs(lifecycle)).toBeLessThan(6_000);
  });

  it('is not begun where it is not configured', async () => {
    const log = createLogger('api', { write: () => undefined });
    const lifecycle = startLifecycle({ log, stopTimeoutMs: 1_000 });
    await startTracing(undefined, lifecycle, log);
    expect(await inSpan('none', {}, () => Promise.resolve(7))).toBe(7);
    await lifecycle.stop();
  });
});
