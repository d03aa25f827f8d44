import type { JobState, JobStatus } from '@ccluster/domain';
import { aJobSpec, aPlacement } from '@ccluster/testkit';
import type pg from 'pg';

const ROWS_AT_ONCE = 50_000;

/** One status in so many jobs; the last ones of the list are also the newest jobs, which still run. */
const STATUSES: readonly JobStatus[] = [
  ...Array.from({ length: 90 }, () => 'SUCCEEDED' as const),
  ...Array.from({ length: 9 }, () => 'FAILED' as const),
  'CANCELLED',
];

const ended: JobState = {
  phase: 'ENDED',
  outcome: 'SUCCEEDED',
  placement: aPlacement(),
  kubernetesUid: 'uid',
  finishedAt: '2026-01-01T00:00:00.000Z',
  cleaned: true,
  reason: null,
};

/**
 * Inserts so many jobs of an organization, a second apart, the newest now: 20 clusters, 200 creators, names such as
 * `train-000123`. The newest thousandth runs, as far as `status` goes. One job in the middle is called `needle` and is
 * of the creator `rare` on the cluster `cl_rare`.
 */
export async function seedJobs(client: pg.Client, organizationId: string, count: number): Promise<void> {
  const values = [organizationId, count, JSON.stringify(aJobSpec()), JSON.stringify(ended), STATUSES];
  for (let from = 1; from <= count; from += ROWS_AT_ONCE) {
    const to = Math.min(from + ROWS_AT_ONCE - 1, count);
    await client.query(
      `insert into jobs (id, organization_id, name, spec, has_image_pull_secret, warnings, created_at, created_by, state,
        status, past_statuses, cluster_id, instance_type_id, kubernetes_uid, started_at, finished_at, succeeded_indexes,
        pending_count, succeeded_count, event_sequence)
      select 'job_' || lpad(i::text, 13, '0') || right($1, 13), $1,
        case when i = $2::int / 2 then 'needle' else (array['train-', 'eval-', 'tune-'])[1 + i % 3] || lpad(i::text, 7, '0') end,
        $3::jsonb, false, '[]', at, case when i = $2::int / 2 then 'rare' else 'user-' || i % 200 end, $4::jsonb,
        case when i > $2::int * 0.999 then 'RUNNING' else ($5::text[])[1 + i % cardinality($5::text[])] end, '{QUEUED}',
        case when i = $2::int / 2 then 'cl_rare' else 'cl_' || i % 20 end, 'it_1', 'uid', at,
        case when i > $2::int * 0.999 then null else at end, '0', 0, 1, 7
      from (select i, now() - ($2::int - i) * interval '1 second' as at from generate_series($6::int, $7::int) as i) as row`,
      [...values, from, to],
    );
  }
}

/** A job whose every task has been tried once and every tenth twice; gives its id. */
export async function seedWideJob(client: pg.Client, organizationId: string, completions: number): Promise<string> {
  const id = 'job_wide';
  const spec = JSON.stringify(aJobSpec({ name: 'wide', completions, parallelism: 1_000 }));
  // Every second index: the longest text that a set of indexes can have.
  const succeeded = Array.from({ length: completions / 2 }, (_, i) => 2 * i).join(',');
  await client.query(
    `insert into jobs (id, organization_id, name, spec, has_image_pull_secret, warnings, created_by, state, status,
      succeeded_indexes, pending_count, succeeded_count, event_sequence)
    values ($1, $2, 'wide', $3, false, '[]', 'test', $4, 'SUCCEEDED', $5, 0, $6, 1)`,
    [id, organizationId, spec, JSON.stringify(ended), succeeded, completions],
  );
  await client.query(
    `insert into pods (id, job_id, cluster_id, uid, name, index, attempt, status, created_at, log_complete)
    select 'pod_' || index || '_' || attempt, $1, 'cl_1', 'uid-' || index || '-' || attempt, 'wide-' || index, index,
      attempt, 'SUCCEEDED', now() + index * interval '1 millisecond', true
    from generate_series(0, $2::int - 1) as index, generate_series(1, case when index % 10 = 0 then 2 else 1 end) as attempt`,
    [id, completions],
  );
  return id;
}
