import { MOST_AHEAD, MOST_COUNTED, type PlacementRequest } from '@ccluster/domain';
import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { jobs } from '../schema/jobs.js';
import { isInLine, isResuming, missingReplicas, requestKey } from '../schema/waiting-jobs.js';

/** Of more kinds the others are not looked at: a job of those is placed when it is looked at itself. */
const MAX_KINDS = 500;
/** One more than go in a turn, so that one that stays tells of those behind it. */
const MAX_OLDEST = MOST_AHEAD + 1;

/** Jobs that wait and ask for the same: whatever one of them waits for, those behind it wait for too. */
export interface WaitingKind extends Pick<PlacementRequest, 'organizationId' | 'requested' | 'parallelism'> {
  /** Where they were suspended and are to go on; null: they were not. */
  readonly instanceTypeId: string | null;
  /** Id, and when it was created in milliseconds; oldest first, 101 at most. */
  readonly oldest: readonly (readonly [id: string, createdMs: number])[];
  /** With those; beyond 1,000 they are not counted. */
  readonly count: number;
}

/** A place between two jobs of the line. */
export interface PlaceInLine {
  readonly id: string;
  readonly createdMs: number;
}

/** All that waits, by what it asks for. @param before not given: all */
export async function findLine(db: Queryable, before?: PlaceInLine): Promise<WaitingKind[]> {
  const older = before === undefined ? sql`true` : isOlderThan(before);
  const [unplaced, resuming] = [await findUnplaced(db, older), await findResuming(db, older)];
  return [...unplaced, ...resuming];
}

/**
 * Steps from kind to kind through the index of the line, whatever their length, and reads no more of each than a turn
 * needs: a line is long where much of it waits for one thing.
 */
async function findUnplaced(db: Queryable, older: SQL): Promise<WaitingKind[]> {
  const kind = sql`${jobs.organizationId}, ${requestKey(jobs)}, ${missingReplicas(jobs)}`;
  const thisKind = sql`(kinds.organization, kinds.key, kinds.parallelism)`;
  const first = sql`select ${jobs.organizationId} as organization, ${requestKey(jobs)} as key,
    ${missingReplicas(jobs)} as parallelism from ${jobs} where ${isInLine(jobs)}`;
  const { rows } = await db.execute<WaitingKind & Record<string, unknown>>(sql`
    with recursive kinds as (
      (${first} order by 1, 2, 3 limit 1)
      union all
      select next.* from kinds
        cross join lateral (${first} and (${kind}) > ${thisKind} order by 1, 2, 3 limit 1) as next
    )
    select kinds.organization as "organizationId", kinds.parallelism, null as "instanceTypeId", waiting.count,
      waiting.oldest, (select ${jobs.spec} -> 'requestedPlacement' from ${jobs} where ${jobs.id} = waiting.first) as requested
    from (select * from kinds limit ${MAX_KINDS}) as kinds
      cross join lateral (
        select count(*)::int as count, min(id) filter (where place = 1) as first, ${oldestOf} as oldest
        from (
          select id, created_at, row_number() over (order by created_at, id) as place from ${jobs}
          where ${isInLine(jobs)} and (${kind}) = ${thisKind} and ${older} limit ${MOST_COUNTED}
        ) as jobs
      ) as waiting
    where waiting.count > 0`);
  return rows;
}

async function findResuming(db: Queryable, older: SQL): Promise<WaitingKind[]> {
  const { rows } = await db.execute<WaitingKind & Record<string, unknown>>(sql`
    select organization_id as "organizationId", parallelism, instance_type_id as "instanceTypeId", count,
      ${oldestOf} as oldest, (array_agg(requested))[1] as requested
    from (
      select id, created_at, organization_id, instance_type_id, ${missingReplicas(jobs)} as parallelism,
        ${jobs.spec} -> 'requestedPlacement' as requested,
        row_number() over (${likeIt} order by created_at, id) as place, (count(*) over (${likeIt}))::int as count
      from ${jobs} where ${isResuming(jobs)} and ${older}
    ) as jobs
    where place <= ${MAX_OLDEST}
    group by organization_id, parallelism, instance_type_id, count
    order by min(created_at) limit ${MAX_KINDS}`);
  return rows;
}

const likeIt = sql`partition by organization_id, instance_type_id, ${missingReplicas(jobs)}`;

const oldestOf = sql`json_agg(json_build_array(id, (extract(epoch from created_at) * 1000)::float8) order by place)
  filter (where place <= ${MAX_OLDEST})`;

function isOlderThan({ id, createdMs }: PlaceInLine): SQL {
  return sql`(${jobs.createdAt}, ${jobs.id}) < (${new Date(createdMs).toISOString()}::timestamptz, ${id})`;
}
