import type { Reason } from '@ccluster/domain';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant } from './columns.js';
import { jobs } from './jobs.js';

/** Why a pod is in its status. */
export interface PodReason extends Reason {
  /** The watcher's rule that holds the pod up, and since when it does: graces are counted from there. */
  readonly heldBy?: { readonly rule: string; readonly since: string };
}

export type PodStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'LOST';

/** One attempt at one task: a pod that was seen. */
export const pods = pgTable(
  'pods',
  {
    id: text('id').primaryKey(),
    jobId: text('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    clusterId: text('cluster_id').notNull(),
    uid: text('uid').notNull(),
    name: text('name').notNull(),
    index: integer('index').notNull(),
    /** From 1 for each index, in the order seen. */
    attempt: integer('attempt').notNull(),
    status: text('status').$type<PodStatus>().notNull(),
    reason: jsonb('reason').$type<PodReason>(),
    exitCode: integer('exit_code'),
    nodeName: text('node_name'),
    imageDigest: text('image_digest'),
    createdAt: instant('created_at').notNull(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    /** Every line that could be had is stored, or its gap is. */
    logComplete: boolean('log_complete').notNull(),
  },
  (table) => [
    uniqueIndex('pods_uid').on(table.clusterId, table.uid),
    uniqueIndex('pods_attempt').on(table.jobId, table.index, table.attempt),
    index('pods_listing').on(table.jobId, table.createdAt, table.id),
  ],
);
