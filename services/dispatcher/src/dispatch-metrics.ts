import { readQueueFigures, type Database, type RecordedChange } from '@ccluster/db';
import { createdAtMs } from '@ccluster/domain';
import type { DispatchQueue } from '@ccluster/messaging';
import { countConnections, type AtRisk, type Metrics } from '@ccluster/runtime';

/** What waits: in PostgreSQL, and in Redis as hints. The same at all dispatchers. */
export function countWaiting(metrics: Metrics, { db, pool }: Database, queue: DispatchQueue): void {
  const read = (pick: (figures: Awaited<ReturnType<typeof readQueueFigures>>) => number) => async () => [
    { labels: {}, value: pick(await readQueueFigures(db)) },
  ];
  metrics.read(
    'ccluster_jobs_queued',
    read(({ queued }) => queued),
  );
  metrics.read(
    'ccluster_oldest_queued_seconds',
    read(({ oldestQueuedSeconds }) => oldestQueuedSeconds),
  );
  metrics.read(
    'ccluster_oldest_due_seconds',
    read(({ oldestDueSeconds }) => oldestDueSeconds),
  );
  metrics.read('ccluster_hints_waiting', async () => [{ labels: {}, value: await queue.waitingCount() }]);
  countConnections(metrics, pool);
}

/** The same steps, with claims counted by what became of them. */
export function countingClaims(atRisk: AtRisk<'dispatcher'>, metrics: Metrics): AtRisk<'dispatcher'> {
  return async (step, work) => {
    const result = await atRisk(step, work);
    if (step === 'claim')
      metrics.count('ccluster_claims_total', { outcome: result === undefined ? 'none' : 'claimed' });
    return result;
  };
}

/** How long an armed job has waited since it was created. @param nowMs of the system's clock, since 1970 */
export function measureDispatch(metrics: Metrics, { jobId, before, after }: RecordedChange, nowMs: number): void {
  if (before.phase !== 'PLACED' || after.phase !== 'ARMED') return;
  const seconds = Math.max(0, nowMs - createdAtMs(jobId)) / 1000;
  metrics.observe('ccluster_dispatch_seconds', { cluster: after.placement.clusterId }, seconds);
}
