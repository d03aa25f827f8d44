import { sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';

export interface QueueFigures {
  /** Jobs that wait for a placement. */
  readonly queued: number;
  /** Seconds since the creation of the oldest of them; 0 where there is none. */
  readonly oldestQueuedSeconds: number;
  /** Seconds for which a job is due that nobody has claimed; 0 where there is none. */
  readonly oldestDueSeconds: number;
}

/** Two partial indexes have all of it: those of the line, and of what is due. */
export async function readQueueFigures(db: Queryable): Promise<QueueFigures> {
  const { rows } = await db.execute<Record<'queued' | 'queued_seconds' | 'due_seconds', number>>(sql`
    select line.queued, line.queued_seconds, due.due_seconds from
      (select count(*)::int as queued,
         coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as queued_seconds
       from jobs where status = 'QUEUED' and cluster_id is null) as line,
      (select coalesce(greatest(0, extract(epoch from now() - min(greatest(due_at, lease_until)))), 0)::float8 as due_seconds
       from jobs where due_at <= now() and (lease_until is null or lease_until <= now())) as due`);
  const [row] = rows;
  return {
    queued: row?.queued ?? 0,
    oldestQueuedSeconds: row?.queued_seconds ?? 0,
    oldestDueSeconds: row?.due_seconds ?? 0,
  };
}
