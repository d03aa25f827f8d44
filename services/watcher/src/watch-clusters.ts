import {
  CannotOpen,
  isSameSealing,
  listWatchedClusters,
  releaseClusterLease,
  sealContexts,
  takeClusterLease,
  type ClusterLease,
  type Database,
  type Sealer,
  type WatchedCluster,
} from '@ccluster/db';
import {
  connectCluster,
  parseClusterCredentials,
  type ClusterAddresses,
  type ClusterCredentials,
} from '@ccluster/kubernetes';
import type { WakeUpSignal } from '@ccluster/messaging';
import { startLoop, type Logger, type Loop } from '@ccluster/runtime';
import { LEASE_MS, watchCluster } from './cluster/watch-cluster.js';
import type { WatchClusterOptions } from './cluster/watch.js';
import { createUnreadableClusters } from './unreadable-clusters.js';

/** Clusters are looked for this often, and when one is registered, changed or free to be taken. */
const POLL_INTERVAL_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;

export interface WatchClustersOptions extends Omit<WatchClusterOptions, 'lease' | 'cluster' | 'connection'> {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clusterAddresses: ClusterAddresses;
  /** Unique among the watchers of the installation. */
  readonly watcherName: string;
  /** Of topic `clusters`. */
  readonly wakeUp: WakeUpSignal;
  readonly log: Logger;
}

interface RunningWatch {
  readonly cluster: WatchedCluster;
  /** Gives the lease back. */
  stop(): Promise<void>;
}

/** Watches every registered cluster that no other watcher holds, and lets go of those that are removed. */
export function startWatchingClusters(options: WatchClustersOptions): Loop {
  const watches = new Map<string, RunningWatch>();
  const unreadable = createUnreadableClusters(options);
  const loop = startLoop({
    name: 'clusters',
    intervalMs: 0,
    log: options.log,
    run: async (signal) => {
      const clusters = await listWatchedClusters(options.database.db, options.watcherName);
      await stopChanged(watches, clusters);
      for (const cluster of clusters) {
        const isFree = !watches.has(cluster.id) && cluster.leaseFreeInMs === 0;
        const credentials = isFree ? readCredentials(options, cluster) : undefined;
        if (credentials instanceof CannotOpen) {
          await unreadable.leave(cluster, credentials);
          continue;
        }
        unreadable.forget(cluster.id);
        if (credentials !== undefined) await take(options, cluster, credentials, watches);
      }
      await options.wakeUp.wait(nextPollMs(clusters, watches), signal);
    },
  });
  return {
    stop: async () => {
      await loop.stop();
      await Promise.all([...watches.values()].map((watch) => watch.stop()));
    },
  };
}

/** A lease that runs out earlier than the next poll is tried for when it does. */
function nextPollMs(clusters: readonly WatchedCluster[], watches: ReadonlyMap<string, RunningWatch>): number {
  const others = clusters.filter((cluster) => !watches.has(cluster.id) && cluster.leaseFreeInMs > 0);
  return Math.min(POLL_INTERVAL_MS, ...others.map((cluster) => cluster.leaseFreeInMs + 20));
}

/** Those removed, and those whose credentials or namespace are others now: they are taken anew. */
async function stopChanged(watches: Map<string, RunningWatch>, clusters: readonly WatchedCluster[]): Promise<void> {
  const current = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const changed = [...watches].filter(([id, watch]) => !isSame(watch.cluster, current.get(id)));
  await Promise.all(changed.map(([, watch]) => watch.stop()));
}

function isSame(watched: WatchedCluster, now: WatchedCluster | undefined): boolean {
  return (
    now !== undefined &&
    now.namespace === watched.namespace &&
    now.systemUid === watched.systemUid &&
    isSameSealing(now.readerCredentials, watched.readerCredentials)
  );
}

async function take(
  options: WatchClustersOptions,
  cluster: WatchedCluster,
  credentials: ClusterCredentials,
  watches: Map<string, RunningWatch>,
): Promise<void> {
  const lease = await takeClusterLease(options.database.db, cluster.id, options.watcherName, LEASE_MS);
  if (lease === undefined) return;
  const log = options.log.child({ cluster: cluster.name, clusterId: cluster.id, leaseEpoch: lease.epoch });
  log.info('the cluster is taken');
  const stopping = new AbortController();
  const watching = watch({ ...options, log }, cluster, credentials, lease, stopping.signal);
  const ended = watching.finally(() => watches.delete(cluster.id));
  watches.set(cluster.id, {
    cluster,
    stop: () => {
      stopping.abort();
      return ended;
    },
  });
}

async function watch(
  options: WatchClustersOptions,
  cluster: WatchedCluster,
  credentials: ClusterCredentials,
  lease: ClusterLease,
  signal: AbortSignal,
): Promise<void> {
  const { log, database, announcer } = options;
  try {
    const connection = connectCluster(credentials, {
      addresses: options.clusterAddresses,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    });
    try {
      await watchCluster({ ...options, cluster, lease, connection }, signal);
    } finally {
      await connection.close();
    }
  } catch (error) {
    log.error({ error }, 'the cluster cannot be watched; tried again when its lease has run out');
    return;
  }
  try {
    await releaseClusterLease(database.db, lease);
    await announcer.cluster(cluster.id);
  } catch (error) {
    log.warn({ error }, 'the lease could not be given back; it runs out by itself');
  }
}

/** Before its lease is taken: one that another can read is not to be kept from that. */
function readCredentials(
  { sealer }: WatchClustersOptions,
  { id, readerCredentials }: WatchedCluster,
): ClusterCredentials | CannotOpen {
  const context = sealContexts.readerCredentials(id);
  try {
    const sealed = sealer.open(readerCredentials, context);
    return parseClusterCredentials(JSON.parse(sealed.reveal()) as Record<string, unknown>);
  } catch (error) {
    // What a parser says may repeat what it was given.
    return error instanceof CannotOpen ? error : new CannotOpen(`${context} does not hold credentials`);
  }
}
