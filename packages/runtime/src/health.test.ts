import { expect, it, onTestFinished } from 'vitest';
import { startHealthServer, type HealthServerOptions } from './health.js';
import { createMetrics } from './metrics/metrics.js';

const fine = () => Promise.resolve();
const broken = () => Promise.reject(new Error('hunter2'));

it('answers 200 while all checks pass', async () => {
  const get = await start({ live: {}, ready: { postgres: fine, redis: fine } });
  expect(await get('/livez')).toEqual([200, '{"failed":[]}']);
  expect(await get('/readyz')).toEqual([200, '{"failed":[]}']);
});

it('answers 503 and names what fails, without its words', async () => {
  const get = await start({ live: { loop: fine }, ready: { postgres: broken, redis: fine } });
  expect(await get('/livez')).toEqual([200, '{"failed":[]}']);
  expect(await get('/readyz')).toEqual([503, '{"failed":["postgres"]}']);
});

it('gives a check two seconds', async () => {
  const get = await start({ live: {}, ready: { redis: () => new Promise(() => undefined) } });
  expect(await get('/readyz')).toEqual([503, '{"failed":["redis"]}']);
});

it('has no other pages', async () => {
  const get = await start({ live: {}, ready: {} });
  expect(await get('/')).toEqual([404, '']);
});

it('shows Prometheus its metrics', async () => {
  const get = await start({ live: {}, ready: {} });
  const [status, text] = await get('/metrics');
  expect([status, text]).toEqual([200, expect.stringContaining('# TYPE nodejs_eventloop_lag_seconds gauge')]);
});

async function start(checks: Pick<HealthServerOptions, 'live' | 'ready'>) {
  const server = await startHealthServer({ ...checks, metrics: createMetrics(), host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.stop());
  return async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return [response.status, await response.text()];
  };
}
