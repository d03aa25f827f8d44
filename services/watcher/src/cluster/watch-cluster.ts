import { LeaseLost, listWatchedJobs, type ClusterLease, type Database, type RecordedChange, type WatchedCluster } from '@ccluster/db';
import type { ClusterConnection } from '@ccluster/kubernetes';
import { startLoop, type Lifecycle, type Logger } from '@ccluster/runtime';
import { startCapacityWatch } from '../capacity/watch-capacity.js';
import { LogCollector } from '../logs/log-collector.js';
import type { Graces } from '../observe/troubles.js';
import { parserOfPods, startClusterCache, type ClusterCache } from './cluster-cache.js';
import { createClusterReader } from './cluster-reader.js';
import { createJobExaminer } from './examine-job.js';
import { startJobQueue } from './job-queue.js';
import { findWatchScopes } from './permissions.js';
import { startReachability } from './watch-reachability.js';

/** Every unfinished job is looked at this often, whatever was or was not noticed. */
const FULL_LOOK_INTERVAL_MS = 30_000;

export interface WatchClusterOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  readonly cluster: WatchedCluster;
  readonly connection: ClusterConnection;
  readonly installation: string;
  readonly graces: Graces;
  readonly logDrainMs: number;
  readonly logLimitBytes: number;
  readonly announce: Announcer;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Tells others of what was committed. */
export interface Announcer {
  change(change: RecordedChange): void;
  logs(jobIds: ReadonlySet<string>): void;
  capacity(clusterId: string): void;
}
