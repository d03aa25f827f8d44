import type { LogBatch } from '@ccluster/db';
import { createMetrics } from '@ccluster/runtime';
import { expect, it } from 'vitest';
import { countWatches, measureLogLag } from './watch-metrics.js';

it('says for how long each kind has been silent and how often it was listed, until the watch ends', async () => {
  const metrics = createMetrics();
  const end = countWatches(metrics, 'cl_east', () => [
    { kind: 'pods', silentForMs: 2_500, lists: 3 },
    { kind: 'nodes', silentForMs: undefined, lists: 0 },
  ]);
  const text = await metrics.render();
  expect(text).toContain('ccluster_watch_age_seconds{cluster="cl_east",kind="pods"} 2.5\n');
  expect(text).toContain('ccluster_watch_lists_total{cluster="cl_east",kind="pods"} 3\n');
  expect(text).not.toContain('ccluster_watch_age_seconds{cluster="cl_east",kind="nodes"}');
  end();
  expect(await metrics.render()).not.toContain('cl_east');
});

it('measures how old the newest line of each log is as it is stored', async () => {
  const metrics = createMetrics();
  const line = (stamp: string) => ({ kind: 'line', stamp, bytes: Buffer.from('x'), continued: false }) as const;
  const records = [line('2026-01-01T00:00:00.5Z'), line('2026-01-01T00:00:03.000000001Z')];
  const gap = { kind: 'gap', stamp: '2026-01-01T00:00:00Z', code: 'LOG_ROTATED', message: '', lines: null } as const;
  const batches = [{ records }, { records: [gap] }, { records: [] }] as unknown as LogBatch[];
  measureLogLag(metrics, 'cl_east', batches, Date.parse('2026-01-01T00:00:05Z'));
  const text = await metrics.render();
  expect(text).toContain('ccluster_log_lag_seconds_count{cluster="cl_east"} 1\n');
  expect(text).toContain('ccluster_log_lag_seconds_sum{cluster="cl_east"} 2\n');
});
