import { initialState, type JobState } from '@ccluster/domain';
import type { ClusterName, WriteRequest } from './ask.js';

/** All that a search tells apart. Nothing of it is ever changed: each move makes a new one, sharing what stays. */
export interface World {
  /** null: the row was removed. */
  readonly job: StoredJob | null;
  /** The job's row inside a transaction that is being executed. */
  readonly draft: StoredJob | null;
  readonly clusters: Readonly<Record<ClusterName, Cluster>>;
  /** Any of them may stand still for ever, which is to die. */
  readonly processes: readonly Process[];
  /** Calls that were sent and have not arrived; nobody waits for them. */
  readonly late: readonly WriteRequest[];
  readonly watcher: Sight | null;
  readonly left: Budget;
  readonly history: History;
}

export interface Process {
  readonly name: string;
  /** Where it stands in its code. */
  readonly node: number;
}

/** The columns of a job's row that dispatchers work by; without its lease, which may have run out at any moment. */
export interface StoredJob {
  readonly state: JobState;
  readonly epoch: number;
  /** `due_at` is set; whether it has come is a matter of waiting. */
  readonly due: boolean;
  readonly deleted: boolean;
}

export interface Cluster {
  /** What has the job's name there. */
  readonly object: KubernetesJobObject | null;
  /** Kubernetes Jobs that were deleted, and of which something is left. */
  readonly ghosts: readonly Ghost[];
  /** How many were ever posted. */
  readonly posted: number;
}

/** A Kubernetes Job with its pods, and what the job controller knows of it. */
export interface KubernetesJobObject extends Ghost {
  readonly epoch: number;
  readonly intent: number;
  readonly suspended: boolean;
  readonly deleting: boolean;
  readonly version: number;
  /** Condition Suspended=True. */
  readonly suspendedCondition: boolean;
  /** The controller has seen the newest specification: its status updates are accepted. */
  readonly controllerIsCurrent: boolean;
}

export interface Ghost {
  readonly uid: string;
  readonly verdict: 'INTERIM' | 'FINAL' | null;
  /** As the controller has last seen it, it is released and there: pods may come and go at any moment. */
  readonly controllerRuns: boolean;
  /** A pod from the time when the controller ran is still ending. */
  readonly isEnding: boolean;
}

/** What a watcher has read and not yet recorded: first the Kubernetes Job, then its pods. */
export interface Sight {
  readonly cluster: ClusterName;
  readonly job: Pick<KubernetesJobObject, 'uid' | 'version' | 'intent' | 'suspendedCondition' | 'verdict'>;
  /** null: the pods have not been listed yet. */
  readonly livePods: number | null;
  readonly isQuiet: boolean;
  readonly isHopeless: boolean;
}

/** How often each may still happen. */
export interface Budget {
  /** Not how often: how many clusters there are, 1 or 2. */
  readonly clusters: number;
  readonly claims: number;
  /** Calls that fail, whose answers are lost, or that come late; refusals; finalizers. */
  readonly faults: number;
  /** Turns of other jobs that place this one. */
  readonly turns: number;
  readonly cancels: number;
  readonly suspends: number;
  readonly resumes: number;
  readonly deletions: number;
  /** Verdicts of Kubernetes. */
  readonly verdicts: number;
  /** Verdicts of ours on what would wait for ever. */
  readonly hopeless: number;
  readonly reconciliations: number;
}

export interface History {
  /** Uids that were ever unsuspended. */
  readonly released: readonly string[];
  /** A cancel was answered while nothing was armed. */
  readonly cancelledUnarmed: boolean;
  /** Cluster a was chosen before: until then b is just another name for a. */
  readonly choseA: boolean;
  /** What was done that must never be done. */
  readonly broken: string | null;
}

const emptyCluster: Cluster = { object: null, ghosts: [], posted: 0 };

export function initialWorld(left: Budget): World {
  return {
    job: { state: initialState, epoch: 0, due: true, deleted: false },
    draft: null,
    clusters: { a: emptyCluster, b: emptyCluster },
    processes: [],
    late: [],
    watcher: null,
    left,
    history: { released: [], cancelledUnarmed: false, choseA: false, broken: null },
  };
}

/** One possible next world, and how it came to be. */
export interface Move {
  readonly world: World;
  readonly label: string;
}

export function spend(world: World, what: keyof Budget): World {
  return { ...world, left: { ...world.left, [what]: world.left[what] - 1 } };
}

export function withCluster(world: World, name: ClusterName, cluster: Cluster): World {
  return { ...world, clusters: { ...world.clusters, [name]: cluster } };
}

export function withHistory(world: World, history: Partial<History>): World {
  return { ...world, history: { ...world.history, ...history } };
}

/** Whether a pod of it may be there. */
export function mayHavePod({ controllerRuns, isEnding }: Ghost): boolean {
  return controllerRuns || isEnding;
}

export const clusterNames: readonly ClusterName[] = ['a', 'b'];
