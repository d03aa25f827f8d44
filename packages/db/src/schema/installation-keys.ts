import { pgTable, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.js';

/** Random keys of the installation itself: made once, never changed, sealed like every secret. */
export const installationKeys = pgTable('installation_keys', {
  name: text('name').primaryKey(),
  sealed: bytes('sealed').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});
