import { ClusterFault, concernsCluster } from './cluster-fault.js';
import { createPlaces, type Places } from './places.js';

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/**
 * Keeps one cluster that hangs or refuses from taking all workers: at most so many calls into it at once, and none
 * while it rests after a failure, 1 s the first time and twice as long after each further one.
 */
export interface ClusterGate {
  /** Runs `work`; throws a BUSY fault where no place becomes free soon, or the last failure while it rests. */
  run<T>(clusterId: string, work: () => Promise<T>): Promise<T>;
  /** The failure for which it rests now; undefined where it does not. */
  trouble(clusterId: string): ClusterFault | undefined;
  /** Until the rest ends; 0 where it does not rest. */
  restMs(clusterId: string): number;
  /** Whatever has failed before need not fail again: it does not rest any more. */
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
  /** Both have an entry for each cluster that was called in this process's life, and nothing else. */
  const placesById = new Map<string, Places>();
  const troubles = new Map<string, Trouble>();
  const restMs = (clusterId: string) => Math.max((troubles.get(clusterId)?.untilMs ?? 0) - options.nowMs(), 0);
  const trouble = (clusterId: string) => (restMs(clusterId) > 0 ? troubles.get(clusterId)?.fault : undefined);

  const placesOf = (clusterId: string): Places => {
    const known = placesById.get(clusterId) ?? createPlaces(options.places, options.waitMs);
    placesById.set(clusterId, known);
    return known;
  };
  const refuseWhileResting = (clusterId: string) => {
    const resting = trouble(clusterId);
    if (resting !== undefined) throw resting;
  };
  const noteFailure = (clusterId: string, fault: ClusterFault) => {
    // Many calls fail together when a cluster goes: one failure, one rest.
    if (restMs(clusterId) > 0) return;
    const failures = (troubles.get(clusterId)?.failures ?? 0) + 1;
    const lengthMs = Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS);
    troubles.set(clusterId, { fault, failures, untilMs: options.nowMs() + lengthMs });
  };

  const run = async <T>(clusterId: string, work: () => Promise<T>): Promise<T> => {
    refuseWhileResting(clusterId);
    const places = placesOf(clusterId);
    if (!(await places.enter())) throw new ClusterFault('BUSY', 'Too many calls to the cluster are under way');
    try {
      refuseWhileResting(clusterId);
      const result = await work();
      troubles.delete(clusterId);
      return result;
    } catch (error) {
      if (error instanceof ClusterFault && concernsCluster(error)) noteFailure(clusterId, error);
      throw error;
    } finally {
      places.leave();
    }
  };
  return { run, trouble, restMs, forget: (clusterId) => void troubles.delete(clusterId) };
}
