import { sql, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

type Columns<Name extends string> = Readonly<Record<Name, AnyPgColumn>>;

/*
 * What an index of the jobs' table is made of, so written once: PostgreSQL uses it only for a query that says the same.
 */

/** No cluster is chosen yet. */
export function isUnplaced({ status, clusterId }: Columns<'status' | 'clusterId'>): SQL {
  return sql`${status} = 'QUEUED' and ${clusterId} is null`;
}

/** It waits for its turn. One that waits for something else, such as what a cluster refuses it for, keeps no room from others. */
export function isInLine(columns: Columns<'status' | 'clusterId' | 'state'>): SQL {
  return sql`${isUnplaced(columns)} and coalesce(${columns.state} -> 'reason' ->> 'code', '')
    not in ('QUOTA_EXCEEDED', 'KUBERNETES_NAME_TAKEN', 'INHERITANCE_REFUSED', 'SECRETS_UNREADABLE')`;
}

/** Its pods run, or will: one that is suspended or ends asks for no more. */
export function mayStartPods({ state }: Columns<'state'>): SQL {
  return sql`${state} ->> 'phase' in ('PLACED', 'ARMED') and coalesce(${state} ->> 'want', 'RUN') = 'RUN'`;
}

/**
 * It is to go on where it was suspended, once its turn comes. Compared as text: of that PostgreSQL expects few, as they
 * are, of a boolean that it knows nothing of half of all, and then reads past the index.
 */
export function isResuming(columns: Columns<'dueAt' | 'clusterId' | 'finishedAt' | 'state'>): SQL {
  return sql`${columns.dueAt} is not null and ${columns.clusterId} is not null and ${columns.finishedAt} is null
    and ${columns.state} ->> 'resuming' = 'true'`;
}

/** It is in a cluster, and will have what it still asks for there. */
export function isReserving(columns: Columns<'clusterId' | 'finishedAt' | 'state'>): SQL {
  return sql`${columns.clusterId} is not null and ${columns.finishedAt} is null and ${mayStartPods(columns)}`;
}

/** Equal where the same placement is asked for. */
export function requestKey({ spec }: Columns<'spec'>): SQL {
  return sql`md5(${spec} ->> 'requestedPlacement')`;
}

/** Replicas at once that a job still has work for: tasks that have succeeded, here or in the job it re-runs, are none. */
export function wantedReplicas({ spec, succeededCount }: Columns<'spec' | 'succeededCount'>): SQL {
  const [completions, parallelism] = [sql`(${spec} ->> 'completions')::int`, sql`(${spec} ->> 'parallelism')::int`];
  return sql`greatest(least(${parallelism}, ${completions} - ${succeededCount}), 0)`;
}

/** Those of them that hold no node yet. */
export function missingReplicas(columns: Columns<'spec' | 'succeededCount' | 'livePods'>): SQL<number> {
  return sql<number>`greatest(${wantedReplicas(columns)} - ${columns.livePods}, 0)`;
}
