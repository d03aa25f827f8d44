import {
  listWatchedJobs,
  recordUnreachable,
  saveClusterSeen,
  saveClusterUnreachable,
  withTransaction,
  type ClusterLease,
  type Database,
  type RecordedChange,
} from '@ccluster/db';
import type { ClusterConnection } from '@ccluster/kubernetes';
import { errorText, startLoop, type Logger, type Loop } from '@ccluster/runtime';
import { ClusterMismatch, proveIdentity } from './cluster-reader.js';

const PROBE_INTERVAL_MS = 5_000;
/** How often it is written down that the cluster answers. */
const SEEN_INTERVAL_MS = 10_000;
const JOBS_PER_TRANSACTION = 50;

export interface ReachabilityOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  readonly connection: ClusterConnection;
  readonly systemUid: string;
  /** Silence for as long as this is taken for a loss. */
  readonly unreachableAfterMs: number;
  /** The cluster answers, for the first time or again. */
  readonly onReachable: () => void;
  /** What is known of it may be old, or of another cluster: nothing is to be concluded from it. */
  readonly onUnreachable: () => void;
  readonly announce: (change: RecordedChange) => void;
  /** Passes the work on, and notices where it finds that the lease is lost. */
  readonly guarded: (work: Promise<void>) => Promise<void>;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
  readonly log: Logger;
}

/**
 * Asks the cluster who it is, again and again. One that has not answered for a while, or that is another cluster than
 * the one registered, is unreachable: so say its row and each of its unfinished jobs, until it answers again.
 */
export function startReachability(options: ReachabilityOptions): Loop {
  const { nowMs } = options;
  let answeredMs = nowMs();
  let savedMs = Number.NEGATIVE_INFINITY;
  let state: 'UNKNOWN' | 'REACHABLE' | 'UNREACHABLE' = 'UNKNOWN';

  const answered = async (version: string): Promise<void> => {
    answeredMs = nowMs();
    if (state === 'REACHABLE' && nowMs() - savedMs < SEEN_INTERVAL_MS) return;
    await withTransaction(options.database, (tx) => saveClusterSeen(tx, options.lease, version));
    savedMs = nowMs();
    if (state !== 'REACHABLE') options.onReachable();
    state = 'REACHABLE';
  };
  const silent = async (error: unknown): Promise<void> => {
    const isMismatch = error instanceof ClusterMismatch;
    if (state === 'UNREACHABLE' || (!isMismatch && nowMs() - answeredMs < options.unreachableAfterMs)) return;
    options.onUnreachable();
    options.log.warn({ error }, 'the cluster cannot be reached');
    await tellUnreachable(options, isMismatch ? error.message : `The cluster cannot be reached: ${errorText(error)}`);
    state = 'UNREACHABLE';
  };
  return startLoop({
    name: 'reachability',
    intervalMs: PROBE_INTERVAL_MS,
    log: options.log,
    run: async (signal) => {
      const outcome = await probe(options, signal);
      if (signal.aborted) return;
      await options.guarded(outcome.version === undefined ? silent(outcome.error) : answered(outcome.version));
    },
  });
}

type Outcome = { readonly version: string } | { readonly version: undefined; readonly error: unknown };

async function probe({ connection, systemUid }: ReachabilityOptions, signal: AbortSignal): Promise<Outcome> {
  try {
    return { version: await proveIdentity(connection, systemUid, signal) };
  } catch (error) {
    return { version: undefined, error };
  }
}

/** Its row, and each of its unfinished jobs. Throws `LeaseLost`. */
export async function tellUnreachable(
  options: Pick<ReachabilityOptions, 'database' | 'lease' | 'announce'>,
  message: string,
): Promise<void> {
  const { database, lease } = options;
  await withTransaction(database, (tx) => saveClusterUnreachable(tx, lease, message));
  const jobIds = await listWatchedJobs(database.db, lease.clusterId);
  for (let from = 0; from < jobIds.length; from += JOBS_PER_TRANSACTION) {
    const some = jobIds.slice(from, from + JOBS_PER_TRANSACTION);
    const changes = await withTransaction(database, (tx) => recordUnreachable(tx, lease, some, message));
    for (const change of changes) options.announce(change);
  }
}
