import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobs } from '../schema/jobs.js';
import { logStreams } from '../schema/logs.js';
import { pods } from '../schema/pods.js';

/** Pods whose log is complete and was last written before so long, oldest first. */
export async function findLogsByAge(db: Queryable, olderThanMs: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ podId: logStreams.podId })
    .from(logStreams)
    .innerJoin(pods, eq(pods.id, logStreams.podId))
    .where(
      and(
        gt(logStreams.bytes, 0),
        sql`${logStreams.storedAt} < now() - ${olderThanMs} * interval '1 millisecond'`,
        eq(pods.logComplete, true),
      ),
    )
    .orderBy(asc(logStreams.storedAt))
    .limit(limit);
  return rows.map((row) => row.podId);
}

/**
 * Pods whose logs must go so that no organization keeps more than `maxBytes` of text: those of its oldest finished jobs
 * first. What jobs that have not finished keep counts, and stays.
 */
export async function findLogsBySize(db: Queryable, maxBytes: number, limit: number): Promise<string[]> {
  const { rows } = await db.execute<{ pod_id: string }>(sql`
    with kept as (
      select ${logStreams.podId}, ${logStreams.bytes}, ${jobs.organizationId}, ${jobs.finishedAt}
      from ${logStreams} join ${jobs} on ${jobs.id} = ${logStreams.jobId}
      where ${logStreams.bytes} > 0
    ), excesses as (
      select organization_id, sum(bytes) - ${maxBytes} as excess
      from kept group by organization_id having sum(bytes) > ${maxBytes}
    ), finished as (
      select pod_id, finished_at, excess,
        sum(bytes) over (partition by organization_id order by finished_at, pod_id) - bytes as freed_before
      from kept join excesses using (organization_id)
      where finished_at is not null
    )
    select pod_id from finished where freed_before < excess order by finished_at, pod_id limit ${limit}`);
  return rows.map((row) => row.pod_id);
}
