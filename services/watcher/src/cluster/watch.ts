import type { ClusterLease, Database, WatchedCluster } from '@ccluster/db';
import type { ClusterConnection } from '@ccluster/kubernetes';
import type { AtRisk, Lifecycle, Logger, Metrics } from '@ccluster/runtime';
import type { Announcer } from '../announce.js';
import type { ReasonTable } from '../observe/parse-reason-rules.js';
import type { JobQueue } from './job-queue.js';

export interface WatchClusterOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  readonly cluster: WatchedCluster;
  readonly connection: ClusterConnection;
  readonly installation: string;
  readonly reasons: ReasonTable;
  readonly logDrainMs: number;
  /** Silence of the cluster for as long as this is taken for a loss. */
  readonly unreachableAfterMs: number;
  /** Text kept of the logs of one job, bytes. */
  readonly logLimitBytes: number;
  readonly announcer: Announcer;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
  /** Around each step that outlives this process. */
  readonly atRisk: AtRisk<'watcher'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What the parts of one watch share. */
export interface Watch extends WatchClusterOptions {
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
  /** Called each time it answers again. */
  readonly onReturn: Set<() => void>;
}
