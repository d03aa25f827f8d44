import { listWatchedJobs, type RecordedChange } from '@ccluster/db';
import { startLoop, systemClock } from '@ccluster/runtime';
import { startCapacityWatch } from '../capacity/watch-capacity.js';
import { LogCollector } from '../logs/log-collector.js';
import { ClusterCache, parserOfPods } from './cluster-cache.js';
import { createClusterReader } from './cluster-reader.js';
import { createJobExaminer, type JobExaminer } from './examine-job.js';
import type { WatchScopes } from './permissions.js';
import { countWatches, measureLogLag } from './watch-metrics.js';
import { untilAborted } from './until-aborted.js';
import type { Watch } from './watch.js';

/** Every unfinished job is looked at this often, whatever was or was not noticed. */
const FULL_LOOK_INTERVAL_MS = 30_000;

/**
 * Caches first, then what reads them; nothing is concluded before each of them has listed all.
 * @returns undefined where the watch ends before that
 */
export async function startObservation(watch: Watch, scopes: WatchScopes): Promise<JobExaminer | undefined> {
  const { lease, lifecycle, log, queue, announcer, cluster } = watch;
  lifecycle.onStop('job queue', () => queue.stop());
  let markCapacity = (): void => undefined;
  const cache = new ClusterCache({
    ...watch,
    clusterId: lease.clusterId,
    namespace: cluster.namespace,
    scopes,
    onJobs: (jobIds) => queue.mark(jobIds),
    onCapacity: () => markCapacity(),
  });
  lifecycle.onStop('caches', () => cache.stop());
  watch.onReturn.add(() => cache.retry());
  lifecycle.onStop(
    'metrics of watches',
    countWatches(watch.metrics, lease.clusterId, () => cache.kinds()),
  );
  await Promise.race([cache.whenSynced(watch.signal).catch(() => undefined), untilAborted(watch.signal)]);
  if (watch.signal.aborted) return undefined;
  log.info({ ...scopes }, 'the cluster is watched');
  const examiner = startExaminer(watch, cache, (change) => {
    announcer.change(change);
    // Its reservation ends with the job, not with its pods.
    if (change.before.phase !== change.after.phase) markCapacity();
  });
  const capacity = startCapacityWatch({
    ...watch,
    nodes: () => cache.nodes(),
    pods: () => cache.pods(),
    onSaved: (woken) => announcer.capacity(lease.clusterId, woken),
  });
  markCapacity = () => capacity.mark();
  lifecycle.onStop('capacity', () => capacity.stop());
  const looks = startLoop({ name: 'full look', intervalMs: FULL_LOOK_INTERVAL_MS, log, run: () => markAll(watch) });
  lifecycle.onStop('full looks', () => looks.stop());
  return examiner;
}

function startExaminer(watch: Watch, cache: ClusterCache, announce: (change: RecordedChange) => void): JobExaminer {
  const { connection, cluster, lease, lifecycle, queue, announcer } = watch;
  const logs = new LogCollector({
    ...watch,
    limitBytes: watch.logLimitBytes,
    isFinished: (uid) => (cache.findPod(uid)?.container.state ?? 'TERMINATED') === 'TERMINATED',
    onStored: (jobIds, batches) => {
      measureLogLag(watch.metrics, lease.clusterId, batches, systemClock.nowMs());
      announcer.logs(jobIds);
    },
    onComplete: ({ jobId, uid }) => {
      examiner.completeLog(jobId, uid);
      queue.mark([jobId]);
    },
    onFatal: watch.fail,
  });
  lifecycle.onStop('logs', () => logs.stop());
  const scope = { installation: watch.installation, clusterId: lease.clusterId };
  const examiner = createJobExaminer({
    ...watch,
    clusterName: cluster.name,
    rules: watch.reasons.of(cluster.name),
    cache,
    reader: createClusterReader(connection, cluster.systemUid, parserOfPods(scope)),
    logs,
    isTrusted: () => watch.trust.isReachable,
    announce,
  });
  return examiner;
}

/** Every unfinished job of the cluster is to be looked at. */
export async function markAll({ database, lease, queue }: Watch): Promise<void> {
  queue.mark(await listWatchedJobs(database.db, lease.clusterId));
}
