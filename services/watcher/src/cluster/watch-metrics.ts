import type { LogBatch } from '@ccluster/db';
import type { Metrics } from '@ccluster/runtime';

/** Of one kind of object in a cluster. */
export interface WatchedKind {
  readonly kind: string;
  /** Undefined: not yet. */
  readonly silentForMs: number | undefined;
  readonly lists: number;
}

/** @returns ends it */
export function countWatches(metrics: Metrics, cluster: string, kinds: () => readonly WatchedKind[]): () => void {
  const ends = [
    metrics.read('ccluster_watch_age_seconds', () =>
      kinds().flatMap(({ kind, silentForMs }) =>
        silentForMs === undefined ? [] : [{ labels: { cluster, kind }, value: silentForMs / 1000 }],
      ),
    ),
    metrics.read('ccluster_watch_lists_total', () =>
      kinds().map(({ kind, lists }) => ({ labels: { cluster, kind }, value: lists })),
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Of the newest line of each log, by the clock of its node. @param nowMs of the system's clock, since 1970 */
export function measureLogLag(metrics: Metrics, cluster: string, batches: readonly LogBatch[], nowMs: number): void {
  for (const { records } of batches) {
    const newest = records.findLast(({ kind }) => kind === 'line');
    if (newest === undefined) continue;
    const seconds = Math.max(0, nowMs - Date.parse(newest.stamp)) / 1000;
    metrics.observe('ccluster_log_lag_seconds', { cluster }, seconds);
  }
}
