import type { Metrics } from './metrics.js';

/** Of node-postgres. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

export function countConnections(metrics: Metrics, pool: Pool): void {
  metrics.read('ccluster_postgres_connections', () => [
    { labels: { state: 'idle' }, value: pool.idleCount },
    { labels: { state: 'busy' }, value: pool.totalCount - pool.idleCount },
    { labels: { state: 'waited for' }, value: pool.waitingCount },
  ]);
}
