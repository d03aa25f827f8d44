import { ClusterFault, concernsCluster } from './cluster-fault.js';

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/**
 * Keeps one cluster that hangs or refuses from taking all workers: at most so many calls into it at once, and none
 * while it rests after a failure, 1 s the first time and twice as long after each further one.
 */
export interface ClusterGate {
  /** Runs `work`, or throws a BUSY fault at once where all places are taken, or the last failure while it rests. */
  run<T>(clusterId: string, work: () => Promise<T>): Promise<T>;
  /** The failure for which it rests now; undefined where it does not. */
  trouble(clusterId: string): ClusterFault | undefined;
  /** Until the rest ends; 0 where it does not rest. */
  restMs(clusterId: string): number;
}

interface Trouble {
  readonly fault: ClusterFault;
  readonly failures: number;
  readonly untilMs: number;
}

export function createClusterGate(options: { readonly places: number; readonly nowMs: () => number }): ClusterGate {
  const inside = new Map<string, number>();
  const troubles = new Map<string, Trouble>();
  const restMs = (clusterId: string) => Math.max((troubles.get(clusterId)?.untilMs ?? 0) - options.nowMs(), 0);
  const trouble = (clusterId: string) => (restMs(clusterId) > 0 ? troubles.get(clusterId)?.fault : undefined);

  const noteFailure = (clusterId: string, fault: ClusterFault) => {
    const failures = (troubles.get(clusterId)?.failures ?? 0) + 1;
    const restMs = Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS);
    troubles.set(clusterId, { fault, failures, untilMs: options.nowMs() + restMs });
  };

  return {
    restMs,
    trouble,
    run: async (clusterId, work) => {
      const resting = trouble(clusterId);
      if (resting !== undefined) throw resting;
      const taken = inside.get(clusterId) ?? 0;
      if (taken >= options.places) throw new ClusterFault('BUSY', `${taken} calls to the cluster are under way`);
      inside.set(clusterId, taken + 1);
      try {
        const result = await work();
        troubles.delete(clusterId);
        return result;
      } catch (error) {
        // Many calls fail together when a cluster goes: one failure, one rest.
        if (error instanceof ClusterFault && concernsCluster(error) && restMs(clusterId) === 0) {
          noteFailure(clusterId, error);
        }
        throw error;
      } finally {
        leave(inside, clusterId);
      }
    },
  };
}

function leave(inside: Map<string, number>, clusterId: string): void {
  const left = (inside.get(clusterId) ?? 1) - 1;
  if (left === 0) inside.delete(clusterId);
  else inside.set(clusterId, left);
}
