import {
  listWatchedInstanceTypes,
  saveCapacity,
  wakePlaceableJobs,
  withTransaction,
  type ClusterLease,
  type CountedCapacity,
  type Database,
  type WatchedInstanceType,
  type WokenJob,
} from '@ccluster/db';
import { startLoop, type AtRisk, type Logger } from '@ccluster/runtime';
import type { KubernetesNode } from '../objects/kubernetes-node.js';
import type { KubernetesPod } from '../objects/kubernetes-pod.js';
import { countCapacity } from './count-capacity.js';

/** How late a count may be: a job waits for what it shows. */
const LOOK_INTERVAL_MS = 100;
/** Many pods change one after the other; one count does for those of half a second. */
const COUNT_INTERVAL_MS = 500;
/** Instance types are added without anything changing in the cluster. */
const RECOUNT_INTERVAL_MS = 5_000;

export interface CapacityOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  /** null: the room on nodes cannot be known. */
  readonly nodes: () => Iterable<KubernetesNode> | null;
  readonly pods: () => Iterable<KubernetesPod>;
  /** What is stored has changed, or these jobs that waited for room are due. */
  readonly onSaved: (woken: readonly WokenJob[]) => void;
  /** Passes the work on, and notices where it finds that the lease is lost. */
  readonly guarded: (work: Promise<void>) => Promise<void>;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
  readonly atRisk: AtRisk<'watcher'>;
  readonly log: Logger;
}

export interface CapacityWatch {
  /** Nodes or pods have changed, or a job needs less room. */
  mark(): void;
  stop(): Promise<void>;
}

/** Keeps the room of a cluster's instance types in the database, little more than half a second old at most. */
export function startCapacityWatch(options: CapacityOptions): CapacityWatch {
  let isMarked = true;
  let countedMs = Number.NEGATIVE_INFINITY;
  let saved: CountedCapacity | undefined;
  let savedText = '';
  const { database, lease, atRisk } = options;
  const count = async (): Promise<void> => {
    if (options.nowMs() - countedMs < (isMarked ? COUNT_INTERVAL_MS : RECOUNT_INTERVAL_MS)) return;
    isMarked = false;
    const types = await listWatchedInstanceTypes(database.db, lease.clusterId);
    const counted = countCapacity(options.nodes(), options.pods(), types);
    const text = textOf(types, counted);
    const isChanged = text !== savedText;
    if (isChanged) {
      const save = () => withTransaction(database, (tx) => saveCapacity(tx, lease, counted, saved));
      await atRisk('save capacity', save);
    }
    saved = counted;
    savedText = text;
    countedMs = options.nowMs();
    // Also where the count is the same: a reservation may have ended without a pod of it ever being there.
    const woken = await wakePlaceableJobs(database.db);
    if (isChanged || woken.length > 0) options.onSaved(woken);
  };
  const loop = startLoop({
    name: 'capacity',
    intervalMs: LOOK_INTERVAL_MS,
    log: options.log,
    run: () => options.guarded(count()),
  });
  return {
    mark: () => {
      isMarked = true;
    },
    stop: () => loop.stop(),
  };
}

/**
 * Also of which nodes were counted: whoever changes that for an instance type makes its room unknown, and the same count
 * has to be stored again.
 */
function textOf(types: readonly WatchedInstanceType[], { rooms, gpus, pods }: CountedCapacity): string {
  const nodes = types.map(({ nodeSelector, tolerations }) => [nodeSelector, tolerations]);
  return JSON.stringify([nodes, [...rooms], gpus, [...pods]]);
}
