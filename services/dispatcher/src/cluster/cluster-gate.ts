import { ClusterFault, concernsCluster } from './cluster-fault.js';
import { createPlaces, type Places } from './places.js';

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** What is called: one namespace of a cluster, or the cluster as a whole. */
export interface Target {
  readonly clusterId: string;
  readonly namespace?: string;
}

/**
 * Keeps one cluster that hangs or refuses from taking all workers: at most so many calls into it at once, and none
 * while it rests after a failure, 1 s the first time and twice as long after each further one. A namespace of it that
 * refuses rests alone: on a managed cluster each organization may have its own.
 */
export interface ClusterGate {
  /** Runs `work`; throws a BUSY fault where no place becomes free soon, or the last failure while it rests. */
  run<T>(target: Target, work: () => Promise<T>): Promise<T>;
  /** The failure for which it rests now; undefined where it does not. */
  trouble(target: Target): ClusterFault | undefined;
  /** Until the rest ends; 0 where it does not rest. */
  restMs(target: Target): number;
  /** Whatever has failed before need not fail again: it does not rest any more, nor do its namespaces. */
  forget(clusterId: string): void;
}

export interface ClusterGateOptions {
  /** Calls into one cluster at once. */
  readonly places: number;
  /** How long a call waits for a place: a worker that waits is one that the other clusters have to do without. */
  readonly waitMs: number;
  readonly nowMs: () => number;
}

interface Trouble {
  readonly fault: ClusterFault;
  readonly failures: number;
  readonly untilMs: number;
}

export function createClusterGate(options: ClusterGateOptions): ClusterGate {
  /** Both have an entry for each cluster or namespace that was called in this process's life, and nothing else. */
  const placesById = new Map<string, Places>();
  const troubles = new Map<string, Trouble>();
  const leftMs = (key: string) => Math.max((troubles.get(key)?.untilMs ?? 0) - options.nowMs(), 0);

  const trouble = (target: Target): ClusterFault | undefined => {
    const key = keysOf(target).find((each) => leftMs(each) > 0);
    return key === undefined ? undefined : troubles.get(key)?.fault;
  };
  const placesOf = (clusterId: string): Places => {
    const known = placesById.get(clusterId) ?? createPlaces(options.places, options.waitMs);
    placesById.set(clusterId, known);
    return known;
  };
  const refuseWhileResting = (target: Target) => {
    const resting = trouble(target);
    if (resting !== undefined) throw resting;
  };
  const noteFailure = (target: Target, fault: ClusterFault) => {
    const [ofCluster, ofNamespace = ofCluster] = keysOf(target);
    const key = fault.kind === 'NAMESPACE_REFUSED' ? ofNamespace : ofCluster;
    // Many calls fail together when a cluster goes: one failure, one rest.
    if (key === undefined || leftMs(key) > 0) return;
    const failures = (troubles.get(key)?.failures ?? 0) + 1;
    const lengthMs = Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS);
    troubles.set(key, { fault, failures, untilMs: options.nowMs() + lengthMs });
  };

  const run = async <T>(target: Target, work: () => Promise<T>): Promise<T> => {
    refuseWhileResting(target);
    const places = placesOf(target.clusterId);
    if (!(await places.enter())) throw new ClusterFault('BUSY', 'Too many calls to the cluster are under way');
    try {
      refuseWhileResting(target);
      const result = await work();
      for (const key of keysOf(target)) troubles.delete(key);
      return result;
    } catch (error) {
      if (error instanceof ClusterFault && concernsCluster(error)) noteFailure(target, error);
      throw error;
    } finally {
      places.leave();
    }
  };
  return {
    run,
    trouble,
    restMs: (target) => Math.max(...keysOf(target).map(leftMs)),
    forget: (clusterId) => {
      for (const key of troubles.keys()) if (key === clusterId || key.startsWith(`${clusterId} `)) troubles.delete(key);
    },
  };
}

/** Of the cluster, then of the namespace. Neither ids nor namespaces have blanks. */
function keysOf({ clusterId, namespace }: Target): string[] {
  return namespace === undefined ? [clusterId] : [clusterId, `${clusterId} ${namespace}`];
}
