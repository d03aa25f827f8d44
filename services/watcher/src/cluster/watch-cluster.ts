import { LeaseLost, renewClusterLease } from '@ccluster/db';
import { errorText, sleep, startLifecycle, startLoop, type Loop } from '@ccluster/runtime';
import type { JobExaminer } from './examine-job.js';
import { JobQueue } from './job-queue.js';
import { findWatchScopes, type WatchScopes } from './permissions.js';
import { settleOverdueJobs } from './settle-overdue-jobs.js';
import { markAll, startObservation } from './start-observation.js';
import { untilAborted } from './until-aborted.js';
import type { Watch, WatchClusterOptions } from './watch.js';
import { startReachability } from './watch-reachability.js';

export const LEASE_MS = 15_000;
const RENEWAL_INTERVAL_MS = 5_000;
const DRAINS_INTERVAL_MS = 1_000;
const RETRY_AFTER_MS = 2_000;
const STOP_TIMEOUT_MS = 6_000;

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
  const watch: Watch = { ...options, ...control, queue, trust: { isReachable: false }, onReturn: new Set() };
  startRenewal(watch);
  const drains = startDrains(watch);
  await startProbes(watch);
  const scopes = await findScopesPatiently(watch);
  if (scopes === undefined) return;
  examiner = await startObservation(watch, scopes);
  await drains.stop();
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

/** Until the jobs are examined. */
function startDrains(watch: Watch): Loop {
  const run = (): Promise<void> => settleOverdueJobs(watch);
  const drains = startLoop({ name: 'drains', intervalMs: DRAINS_INTERVAL_MS, log: watch.log, run });
  watch.lifecycle.onStop('drains', () => drains.stop());
  return drains;
}

/** @returns what resolves when the cluster answers for the first time, or when the watch ends */
function startProbes(watch: Watch): Promise<void> {
  const { trust, announcer, lifecycle, log } = watch;
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
      void announcer.cluster(watch.cluster.id);
      for (const tell of watch.onReturn) tell();
      // Where this fails, the next full look does it.
      markAll(watch).catch((error: unknown) => log.warn({ error }, 'jobs could not be marked'));
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
