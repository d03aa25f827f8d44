import { inheritedIndexes, parseIndexSet, type InheritedTasks, type JobPhase } from '@ccluster/domain';

import type { StoredJob } from './stored-job.js';

export const JOBS = `
  select id, name, status, state ->> 'phase' as phase, state ->> 'outcome' as outcome, state -> 'reason' ->> 'code' as reason_code,
    coalesce((state ->> 'cleaned')::boolean, false) as cleaned, (spec ->> 'completions')::int as completions,
    (spec ->> 'enableLogging')::boolean as enable_logging, cluster_id, kubernetes_uid, rerun_of, succeeded_indexes,
    inherited, pending_count, running_count, succeeded_count, failed_count, cancelled_count, event_sequence,
    deleted_at is not null as hidden, finished_at
  from jobs`;

export interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly phase: JobPhase;
  readonly outcome: string | null;
  readonly reason_code: string | null;
  readonly cleaned: boolean;
  readonly completions: number;
  readonly enable_logging: boolean;
  readonly cluster_id: string | null;
  readonly kubernetes_uid: string | null;
  readonly rerun_of: string | null;
  readonly succeeded_indexes: string;
  readonly inherited: readonly InheritedTasks[];
  readonly pending_count: number;
  readonly running_count: number;
  readonly succeeded_count: number;
  readonly failed_count: number;
  readonly cancelled_count: number;
  readonly event_sequence: number;
  readonly hidden: boolean;
  readonly finished_at: Date | null;
}

export function jobOf(row: JobRow): StoredJob {
  const { id, name, status, phase, outcome, completions, cleaned, hidden } = row;
  return {
    id,
    name,
    status,
    phase,
    outcome,
    completions,
    cleaned,
    hidden,
    reasonCode: row.reason_code,
    enableLogging: row.enable_logging,
    clusterId: row.cluster_id,
    kubernetesUid: row.kubernetes_uid,
    endedAt: row.finished_at?.getTime() ?? null,
    rerunOf: row.rerun_of,
    succeeded: parseIndexSet(row.succeeded_indexes, completions),
    inherited: inheritedIndexes(row.inherited, completions),
    counts: {
      pending: row.pending_count,
      running: row.running_count,
      succeeded: row.succeeded_count,
      failed: row.failed_count,
      cancelled: row.cancelled_count,
    },
    eventSequence: row.event_sequence,
    events: [],
    attempts: [],
  };
}
