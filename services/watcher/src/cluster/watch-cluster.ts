import {
  LeaseLost,
  listWatchedJobs,
  renewClusterLease,
  type ClusterLease,
  type Database,
  type WatchedCluster,
} from '@ccluster/db';
import type { ClusterConnection } from '@ccluster/kubernetes';
import { errorText, sleep, startLifecycle, startLoop, type Lifecycle, type Logger } from '@ccluster/runtime';
import type { Announcer } from '../announce.js';
import { startCapacityWatch } from '../capacity/watch-capacity.js';
import { LogCollector } from '../logs/log-collector.js';
import type { Graces } from '../observe/troubles.js';
import { ClusterCache, parserOfPods } from './cluster-cache.js';
import { createClusterReader } from './cluster-reader.js';
import { createJobExaminer, type JobExaminer } from './examine-job.js';
import { JobQueue } from './job-queue.js';
import { findWatchScopes, type WatchScopes } from './permissions.js';
import { startReachability } from './watch-reachability.js';

export const LEASE_MS = 15_000;
const RENEWAL_INTERVAL_MS = 5_000;
/** Every unfinished job is looked at this often, whatever was or was not noticed. */
const FULL_LOOK_INTERVAL_MS = 30_000;
const RETRY_AFTER_MS = 2_000;
const STOP_TIMEOUT_MS = 6_000;

export interface WatchClusterOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  readonly cluster: WatchedCluster;
  readonly connection: ClusterConnection;
  readonly installation: string;
  readonly graces: Graces;
  readonly logDrainMs: number;
  /** Silence of the cluster for as long as this is taken for a loss. */
  readonly unreachableAfterMs: number;
  /** Text kept of the logs of one job, bytes. */
  readonly logLimitBytes: number;
  readonly announcer: Announcer;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** What the parts of one watch share. */
interface Watch extends WatchClusterOptions {
  /** Aborted: the lease is lost, or the watch is to stop. */
  readonly signal: AbortSignal;
  readonly lifecycle: Lifecycle;
  /** Ends the watch. */
  readonly fail: (error: unknown) => void;
  /** Passes the work on, and ends the watch where it finds that the lease is lost. */
  readonly guarded: <T>(work: Promise<T>) => Promise<T>;
  readonly queue: JobQueue;
  /** Whether the cluster answers, and is the one that was registered. */
  readonly trust: { isReachable: boolean };
}

/**
 * Watches one leased cluster, and returns once everything of that has stopped: because `signal` is aborted, or because
 * the lease is lost. Survives whatever the cluster, the network and the database do.
 */
export async function watchCluster(options: WatchClusterOptions, signal: AbortSignal): Promise<void> {
  const ending = new AbortController();
  const fail = (error: unknown): void => {
    if (!ending.signal.aborted) options.log.warn({ reason: errorText(error) }, 'the watch of this cluster ends');
    ending.abort(error);
  };
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (error instanceof LeaseLost) fail(error);
      throw error;
    });
  const stop = (): void => ending.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const lifecycle = startLifecycle({ log: options.log, stopTimeoutMs: STOP_TIMEOUT_MS });
  try {
    await startParts(options, { signal: ending.signal, lifecycle, fail, guarded });
    await untilAborted(ending.signal);
  } finally {
    signal.removeEventListener('abort', stop);
    await lifecycle.stop().catch((error: unknown) => options.log.warn({ error }, 'the watch did not stop cleanly'));
  }
}

async function startParts(
  options: WatchClusterOptions,
  control: Pick<Watch, 'signal' | 'lifecycle' | 'fail' | 'guarded'>,
): Promise<void> {
  let examiner: JobExaminer | undefined;
  const queue = new JobQueue({
    // Not started before there is an examiner.
    examine: async (jobId, signal) => examiner && control.guarded(examiner.examine(jobId, signal)),
    log: options.log,
  });
  const watch: Watch = { ...options, ...control, queue, trust: { isReachable: false } };
  startRenewal(watch);
  await startProbes(watch);
  const scopes = await findScopesPatiently(watch);
  if (scopes === undefined) return;
  examiner = await startObservation(watch, scopes);
  queue.start();
}

function startRenewal({ database, lease, lifecycle, log, fail }: Watch): void {
  const renewal = startLoop({
    name: 'lease',
    intervalMs: RENEWAL_INTERVAL_MS,
    log,
    run: async () => {
      if (!(await renewClusterLease(database.db, lease, LEASE_MS))) fail(new LeaseLost(lease));
    },
  });
  lifecycle.onStop('lease renewal', () => renewal.stop());
}

/** @returns what resolves when the cluster answers for the first time, or when the watch ends */
function startProbes(watch: Watch): Promise<void> {
  const { trust, announcer, lifecycle } = watch;
  const answered = Promise.withResolvers<void>();
  const probes = startReachability({
    ...watch,
    systemUid: watch.cluster.systemUid,
    announce: (change) => announcer.change(change),
    onUnreachable: () => {
      trust.isReachable = false;
    },
    onReachable: () => {
      trust.isReachable = true;
      answered.resolve();
      markAll(watch).catch(watch.fail);
    },
  });
  lifecycle.onStop('probes', () => probes.stop());
  return Promise.race([answered.promise, untilAborted(watch.signal)]);
}

/** @returns undefined where the watch ends before the API server answers */
async function findScopesPatiently({ connection, signal, log }: Watch): Promise<WatchScopes | undefined> {
  while (!signal.aborted) {
    try {
      return await findWatchScopes(connection, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      log.warn({ error }, 'permissions could not be asked for; tried again');
      await sleep(RETRY_AFTER_MS, signal);
    }
  }
  return undefined;
}

/** Caches first, then what reads them; nothing is concluded before each of them has listed all. */
async function startObservation(watch: Watch, scopes: WatchScopes): Promise<JobExaminer | undefined> {
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
  await Promise.race([cache.whenSynced(watch.signal).catch(() => undefined), untilAborted(watch.signal)]);
  if (watch.signal.aborted) return undefined;
  log.info({ ...scopes }, 'the cluster is watched');
  const examiner = startExaminer(watch, cache);
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

function startExaminer(watch: Watch, cache: ClusterCache): JobExaminer {
  const { connection, cluster, lease, lifecycle, queue, announcer } = watch;
  const logs = new LogCollector({
    ...watch,
    limitBytes: watch.logLimitBytes,
    isFinished: (uid) => (cache.findPod(uid)?.container.state ?? 'TERMINATED') === 'TERMINATED',
    onStored: (jobIds) => announcer.logs(jobIds),
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
    cache,
    reader: createClusterReader(connection, cluster.systemUid, parserOfPods(scope)),
    logs,
    isTrusted: () => watch.trust.isReachable,
    announce: (change) => announcer.change(change),
  });
  return examiner;
}

async function markAll({ database, lease, queue }: Watch): Promise<void> {
  queue.mark(await listWatchedJobs(database.db, lease.clusterId));
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
