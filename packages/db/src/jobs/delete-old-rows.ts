import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobEvents } from '../schema/job-events.js';
import { idempotencyKeys } from '../schema/jobs.js';

const IDEMPOTENCY_KEY_DAYS = 7;

/** Each deletes at most `limit` rows, passes by those that another is deleting, and gives how many it deleted. */
export type DeleteOldRows = (db: Queryable, limit: number) => Promise<number>;

/** Events of all jobs, also of those that still run. */
export function deleteOldJobEvents(olderThanDays: number): DeleteOldRows {
  return deleteOlder(sql`${jobEvents}`, sql`at`, olderThanDays);
}

export const deleteOldIdempotencyKeys = deleteOlder(sql`${idempotencyKeys}`, sql`created_at`, IDEMPOTENCY_KEY_DAYS);

function deleteOlder(table: SQL, column: SQL, days: number): DeleteOldRows {
  return async (db, limit) => {
    const { rowCount } = await db.execute(sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${column} < now() - ${days} * interval '1 day'
        order by ${column} limit ${limit} for update skip locked))`);
    return rowCount ?? 0;
  };
}
