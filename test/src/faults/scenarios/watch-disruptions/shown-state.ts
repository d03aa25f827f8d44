import type { CclusterClient } from '@ccluster/client';
import type pg from 'pg';

import type { Violation } from '../../violation.js';
import type { ShownJob, ShownPod, ShownState } from './compare-states.js';

/** What PostgreSQL says of one cluster. */
export async function readShownState(database: pg.Pool, clusterId: string): Promise<ShownState> {
  const [jobs, pods] = await Promise.all([
    database.query<ShownJob>(
      `select id, kubernetes_uid as "kubernetesUid", status, succeeded_count as succeeded from jobs where cluster_id = $1`,
      [clusterId],
    ),
    database.query<ShownPod>(`select uid, status, exit_code as "exitCode" from pods where cluster_id = $1`, [
      clusterId,
    ]),
  ]);
  return { jobs: jobs.rows, pods: pods.rows };
}

export async function areAllJobsOver(database: pg.Pool): Promise<boolean> {
  const { rows } = await database.query(`select 1 from jobs where state->>'phase' <> 'ENDED' limit 1`);
  return rows.length === 0;
}

/** Wherever GraphQL tells callers something else than what is stored. */
export async function compareWithGraphql(client: CclusterClient, jobs: readonly ShownJob[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { id, status, succeeded } of jobs) {
    const job = await client.findJob(id);
    if (job?.status === status && job.counts.succeeded === succeeded) continue;
    const what = `is stored ${status} with ${succeeded} tasks done, and told ${job?.status} with ${job?.counts.succeeded}`;
    violations.push({ rule: 'P6 tasks', subject: id, what });
  }
  return violations;
}
