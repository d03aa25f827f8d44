import type { JobRow } from '@ccluster/db';
import { jobEventCursor } from './job-event-cursor.js';
import type { Job } from './job.type.js';

/** A job as callers see it. */
export function jobOfRow(row: JobRow): Job {
  const { spec, state } = row;
  return {
    row,
    id: row.id,
    name: row.name,
    status: row.status,
    reason: state.reason,
    warnings: row.warnings,
    imageUrl: spec.imageUrl,
    imageTag: spec.imageTag,
    hasImagePullSecret: row.hasImagePullSecret,
    command: spec.command,
    argv: spec.argv,
    completions: spec.completions,
    parallelism: spec.parallelism,
    backoffLimit: spec.backoffLimit,
    activeDeadlineSeconds: spec.activeDeadlineSeconds,
    enableLogging: spec.enableLogging,
    env: spec.env.map((variable) => ({ ...variable, value: variable.secret ? null : variable.value })),
    annotations: spec.annotations,
    requestedPlacement: spec.requestedPlacement,
    placement: state.phase === 'QUEUED' ? null : state.placement,
    counts: {
      pending: row.pendingCount,
      running: row.runningCount,
      succeeded: row.succeededCount,
      failed: row.failedCount,
      cancelled: row.cancelledCount,
    },
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    eventCursor: jobEventCursor.format(row.id, { sequence: row.eventSequence }),
  };
}
