import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.js';

export const organizations = pgTable('organizations', {
  id: text('id').primaryKey(),
  name: text('name').notNull().unique(),
  /** GPUs its jobs may hold at once; null: no limit. */
  maxGpus: integer('max_gpus'),
  createdAt: instant('created_at').notNull().defaultNow(),
});
