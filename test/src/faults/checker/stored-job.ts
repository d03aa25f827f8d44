import type { IndexSet, JobPhase } from '@ccluster/domain';

import type { SeenCounts } from '../history.js';
import type { LogTally } from './log-tally.js';

/** A row of `jobs` with what belongs to it, as it is stored now. */
export interface StoredJob {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly phase: JobPhase;
  /** ENDING and ENDED. */
  readonly outcome: string | null;
  readonly reasonCode: string | null;
  readonly completions: number;
  readonly enableLogging: boolean;
  readonly clusterId: string | null;
  /** Of the one Kubernetes Job that may run for it; null: none was armed. */
  readonly kubernetesUid: string | null;
  /** Milliseconds since 1970 by PostgreSQL's clock; null: it has not ended. */
  readonly endedAt: number | null;
  /** Its cluster holds nothing of it any more. */
  readonly cleaned: boolean;
  readonly rerunOf: string | null;
  readonly succeeded: IndexSet;
  /** Of `succeeded`: which need not run here. */
  readonly inherited: IndexSet;
  readonly counts: SeenCounts;
  readonly eventSequence: number;
  /** Callers no longer see it. */
  readonly hidden: boolean;
  readonly events: StoredEvent[];
  readonly attempts: StoredAttempt[];
}

export interface StoredEvent {
  readonly sequence: number;
  readonly type: string;
  readonly status: string;
  readonly podId: string | null;
  readonly podStatus: string | null;
  readonly message: string;
}

export interface StoredAttempt {
  readonly id: string;
  readonly uid: string;
  /** The pod's. */
  readonly name: string;
  readonly index: number;
  readonly attempt: number;
  readonly status: string;
  readonly logComplete: boolean;
  readonly log: LogTally;
}
