import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.js';
import { jobs } from './jobs.js';
import { pods } from './pods.js';

/** How far the log of one pod is stored; written in the transaction that stores its lines. */
export const logStreams = pgTable(
  'log_streams',
  {
    podId: text('pod_id')
      .primaryKey()
      .references(() => pods.id, { onDelete: 'cascade' }),
    jobId: text('job_id').notNull(),
    /** The follower's position, as `@ccluster/kubernetes` made it. */
    position: jsonb('position').notNull(),
    lines: integer('lines').notNull(),
    /** Of its text, as far as it is kept: 0 once its lines have been deleted for their age or for their size. */
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    storedAt: instant('stored_at').notNull().defaultNow(),
  },
  (table) => [
    index('log_streams_kept')
      .on(table.storedAt)
      .where(sql`${table.bytes} > 0`),
  ],
);

/**
 * Lines of one pod, in the order written. `id` grows in the order of commits within a cluster, since one watcher at a
 * time writes for it, one transaction after the other: a reader that has seen an id has seen all before it.
 */
export const logChunks = pgTable(
  'log_chunks',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    jobId: text('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    podId: text('pod_id').notNull(),
    firstNumber: integer('first_number').notNull(),
    lineCount: integer('line_count').notNull(),
    /** Compressed; the form is `log-chunk.ts`. */
    body: bytes('body').notNull(),
    storedAt: instant('stored_at').notNull().defaultNow(),
  },
  (table) => [index('log_chunks_job').on(table.jobId, table.id), index('log_chunks_pod').on(table.podId, table.id)],
);
