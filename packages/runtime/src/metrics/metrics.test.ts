import { describe, expect, it } from 'vitest';
import { withoutCrash, type AtRisk } from '../crash-points.js';
import { measuredSteps } from './measured-steps.js';
import { createMetrics } from './metrics.js';

const linesOf = async (metrics: ReturnType<typeof createMetrics>, name: string) =>
  (await metrics.render()).split('\n').filter((line) => line.startsWith(name));

describe('metrics', () => {
  it('count and observe by their labels', async () => {
    const metrics = createMetrics();
    metrics.count('ccluster_claims_total', { outcome: 'claimed' });
    metrics.count('ccluster_claims_total', { outcome: 'claimed' });
    metrics.observe('ccluster_dispatch_seconds', { cluster: 'east' }, 3);
    expect(await linesOf(metrics, 'ccluster_claims_total')).toEqual(['ccluster_claims_total{outcome="claimed"} 2']);
    expect(await linesOf(metrics, 'ccluster_dispatch_seconds_sum')).toEqual([
      'ccluster_dispatch_seconds_sum{cluster="east"} 3',
    ]);
  });

  it('are read at each scrape, and not any more once that has ended', async () => {
    const metrics = createMetrics();
    let sockets = 1;
    const end = metrics.read('ccluster_api_sockets', () => [{ labels: {}, value: (sockets += 1) }]);
    metrics.read('ccluster_api_sockets', async () => [{ labels: {}, value: 10 }]);
    expect(await linesOf(metrics, 'ccluster_api_sockets')).toEqual(['ccluster_api_sockets 12']);
    expect(await linesOf(metrics, 'ccluster_api_sockets')).toEqual(['ccluster_api_sockets 13']);
    end();
    expect(await linesOf(metrics, 'ccluster_api_sockets')).toEqual(['ccluster_api_sockets 10']);
  });

  it('leave out a reader that fails or does not answer', async () => {
    const metrics = createMetrics();
    metrics.read('ccluster_hints_waiting', () => Promise.reject(new Error('Redis is away')));
    metrics.read('ccluster_jobs_queued', () => new Promise(() => undefined));
    metrics.read('ccluster_api_sockets', () => [{ labels: {}, value: 1 }]);
    expect(await linesOf(metrics, 'ccluster_api_sockets')).toEqual(['ccluster_api_sockets 1']);
  });

  it('have those of the event loop beside them', async () => {
    expect(await linesOf(createMetrics(), 'nodejs_eventloop_lag_p99_seconds')).toHaveLength(1);
  });
});

describe('steps', () => {
  it('are measured, those that fail too, and those of a cluster by its name', async () => {
    const metrics = createMetrics();
    const atRisk: AtRisk<'dispatcher'> = measuredSteps(withoutCrash, metrics);
    expect(await atRisk('claim', async () => 7)).toBe(7);
    await expect(atRisk('claim', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await measuredSteps<'dispatcher'>(withoutCrash, metrics, 'east')('post Secrets', async () => undefined);
    expect(await linesOf(metrics, 'ccluster_step_seconds_count')).toEqual([
      'ccluster_step_seconds_count{step="claim"} 2',
    ]);
    expect(await linesOf(metrics, 'ccluster_step_failures_total')).toEqual([
      'ccluster_step_failures_total{step="claim"} 1',
    ]);
    expect(await linesOf(metrics, 'ccluster_cluster_call_seconds_count')).toEqual([
      'ccluster_cluster_call_seconds_count{cluster="east",step="post Secrets"} 1',
    ]);
  });
});
