import type { InheritedTasks, JobSpec, JobState, JobStatus, Warning } from '@ccluster/domain';
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, varchar } from 'drizzle-orm/pg-core';
import { bytes, instant, transactionNumber } from './columns.js';
import { organizations } from './organizations.js';
import { isInLine, isReserving, isResuming, isUnplaced, missingReplicas, requestKey } from './waiting-jobs.js';

const currentTransaction = sql`pg_current_xact_id()`;

export const jobs = pgTable(
  'jobs',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id),
    name: text('name').notNull(),
    spec: jsonb('spec').$type<JobSpec>().notNull(),
    hasImagePullSecret: boolean('has_image_pull_secret').notNull(),
    warnings: jsonb('warnings').$type<Warning[]>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    /** The job that this one runs again; its row may be gone. */
    rerunOf: text('rerun_of'),
    /** Of a re-run of only what failed: the tasks it need not run. They count as succeeded from the start. */
    inherited: jsonb('inherited').$type<readonly InheritedTasks[]>().notNull().default([]),

    /** The truth about the job's life; the columns down to `finishedAt` are derived from it, for indexes. */
    state: jsonb('state').$type<JobState>().notNull(),
    status: text('status').$type<JobStatus>().notNull(),
    clusterId: text('cluster_id'),
    instanceTypeId: text('instance_type_id'),
    kubernetesUid: text('kubernetes_uid'),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),

    /** Index sets in Kubernetes' text form, and the five counts that follow from them. */
    succeededIndexes: text('succeeded_indexes').notNull().default(''),
    runningIndexes: text('running_indexes').notNull().default(''),
    failedIndexes: text('failed_indexes').notNull().default(''),
    pendingCount: integer('pending_count').notNull(),
    runningCount: integer('running_count').notNull().default(0),
    succeededCount: integer('succeeded_count').notNull().default(0),
    failedCount: integer('failed_count').notNull().default(0),
    cancelledCount: integer('cancelled_count').notNull().default(0),
    /** Pods that the capacity count has seen: they no longer need a reservation. */
    livePods: integer('live_pods').notNull().default(0),

    /** Number of the newest event; events of a job are numbered from 1 without holes. */
    eventSequence: integer('event_sequence').notNull(),

    /** Raised by each claim of a dispatcher; a claim with an older one may not record. */
    epoch: integer('epoch').notNull().default(0),
    leaseUntil: instant('lease_until'),
    /** When a dispatcher should look at it; null: nothing to do. */
    dueAt: instant('due_at'),
    deletedAt: instant('deleted_at'),
    /** W3C's, of the newest request that decided something about it, and when; null: that was not traced. */
    traceparent: varchar('traceparent', { length: 55 }),
    tracedAt: instant('traced_at'),
    /** The transaction that last changed what callers see of it. */
    updatedXid: transactionNumber('updated_xid').notNull().default(currentTransaction),
    /** What it had before, each once: tells whether a filter that it does not match now may have matched it. */
    pastStatuses: text('past_statuses').$type<JobStatus>().array().notNull().default([]),
    pastClusterIds: text('past_cluster_ids').array().notNull().default([]),
  },
  (table) => [
    uniqueIndex('jobs_name')
      .on(table.organizationId, table.name)
      .where(sql`${table.deletedAt} is null`),
    // Down to `name` it holds all that a list is filtered by: whatever the filter, at most this index is read through.
    index('jobs_listing')
      .on(table.organizationId, table.createdAt, table.id, table.status, table.clusterId, table.createdBy, table.name)
      .where(sql`${table.deletedAt} is null`),
    index('jobs_updates')
      .on(table.organizationId, table.updatedXid, table.id)
      .where(sql`${table.deletedAt} is null`),
    index('jobs_due')
      .on(table.dueAt)
      .where(sql`${table.dueAt} is not null`),
    index('jobs_in_line').on(table.createdAt, table.id).where(isUnplaced(table)),
    // By what they ask for: long lines are mostly jobs that ask for the same.
    index('jobs_in_line_by_kind')
      .on(table.organizationId, requestKey(table), missingReplicas(table), table.createdAt, table.id)
      .where(isInLine(table)),
    index('jobs_on_cluster')
      .on(table.clusterId, table.id)
      .where(sql`${table.clusterId} is not null and ${table.finishedAt} is null`),
    index('jobs_resuming').on(table.createdAt, table.id).where(isResuming(table)),
    index('jobs_reserving').on(table.instanceTypeId).where(isReserving(table)),
  ],
);

/** Jobs that callers no longer see; kept for as long as `jobUpdates` tells of them, which is longer than their rows. */
export const jobDeletions = pgTable(
  'job_deletions',
  {
    jobId: text('job_id').primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id),
    deletedAt: instant('deleted_at').notNull().defaultNow(),
    updatedXid: transactionNumber('updated_xid').notNull().default(currentTransaction),
  },
  (table) => [
    index('job_deletions_updates').on(table.organizationId, table.updatedXid, table.jobId),
    index('job_deletions_age').on(table.deletedAt),
  ],
);

/** Sealed JobSecrets; gone with the job. */
export const jobSecrets = pgTable('job_secrets', {
  jobId: text('job_id')
    .primaryKey()
    .references(() => jobs.id, { onDelete: 'cascade' }),
  sealed: bytes('sealed').notNull(),
});

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id),
    requestId: text('request_id').notNull(),
    /** Keyed hash of the normal form of the input, secrets included. */
    inputHash: bytes('input_hash').notNull(),
    jobId: text('job_id').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('idempotency_keys_request').on(table.organizationId, table.requestId),
    index('idempotency_keys_age').on(table.createdAt),
  ],
);
