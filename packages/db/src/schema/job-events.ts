import type { JobEventType, JobStatus } from '@ccluster/domain';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.js';
import { jobs } from './jobs.js';
import type { PodStatus } from './pods.js';

export const jobEvents = pgTable(
  'job_events',
  {
    jobId: text('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    sequence: integer('sequence').notNull(),
    type: text('type').$type<JobEventType>().notNull(),
    at: instant('at').notNull(),
    message: text('message').notNull(),
    /** As of this event. */
    status: text('status').$type<JobStatus>().notNull(),
    podId: text('pod_id'),
    podStatus: text('pod_status').$type<PodStatus>(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.sequence] }), index('job_events_age').on(table.at)],
);
