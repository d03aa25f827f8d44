import type { GpuAllowance, PlacementRequest, PlacementSnapshot } from '@ccluster/domain';
import { and, asc, eq, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Queryable } from '../connection/database.js';
import { mayStartPods, missingReplicas, readOffers, wantedReplicas, type StoredOffers } from './read-offers.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs } from '../schema/jobs.js';
import { organizations } from '../schema/organizations.js';

/** Of a longer line the rest is not looked at: who stands there is woken as those before it are placed. */
const MAX_LINE = 1_000;

/** A job that waits for its turn: to be placed, or to go on where it was suspended. */
export interface JobInLine extends PlacementRequest {
  readonly id: string;
}

/** All that placements are decided by, with the whole line. */
export async function readPlacementSnapshot(db: Queryable): Promise<PlacementSnapshot<JobInLine>> {
  return snapshotOf(db, await findLine(db), await readOffers(db));
}

/** The same; undefined where nobody waits, which costs little to find out. */
export async function findPlacementSnapshot(db: Queryable): Promise<PlacementSnapshot<JobInLine> | undefined> {
  const line = await findLine(db);
  return line.length === 0 ? undefined : snapshotOf(db, line, await readOffers(db));
}

/** A job's turn: what it asks for, and all that is decided by; undefined where it does not wait for one. */
export async function readTurn(
  db: Queryable,
  jobId: string,
): Promise<{ readonly request: JobInLine; readonly snapshot: PlacementSnapshot<JobInLine> } | undefined> {
  const [own] = await selectWaiting(db, and(eq(jobs.id, jobId), or(isUnplaced, isResuming)));
  if (own === undefined) return undefined;
  const offers = await readOffers(db);
  return { request: requestOf(own, offers), snapshot: await snapshotOf(db, await findLine(db, own), offers) };
}

async function snapshotOf(
  db: Queryable,
  line: readonly WaitingRow[],
  offers: StoredOffers,
): Promise<PlacementSnapshot<JobInLine>> {
  return {
    offers: offers.open,
    line: line.map((row) => requestOf(row, offers)),
    allowances: await readAllowances(db),
  };
}

type WaitingRow = Awaited<ReturnType<typeof selectWaiting>>[number];

function requestOf(row: WaitingRow, { all }: StoredOffers): JobInLine {
  const { id, organizationId, requested, parallelism, instanceTypeId } = row;
  const request = { id, organizationId, requested, parallelism };
  if (instanceTypeId === null) return request;
  const resumesOn = all.get(instanceTypeId);
  if (resumesOn === undefined) throw new Error(`Instance type ${instanceTypeId} has no row`);
  return { ...request, resumesOn };
}

/**
 * The oldest jobs that wait, oldest first. Served by the partial indexes of what is not placed and of what is due.
 * @param before not given: all
 */
function findLine(db: Queryable, before?: Pick<WaitingRow, 'id' | 'createdAt'>) {
  const older = before === undefined ? undefined : isOlderThan(before);
  const inLine = (which: SQL | undefined) =>
    selectWaiting(db, and(which, older)).orderBy(asc(jobs.createdAt), asc(jobs.id)).limit(MAX_LINE);
  return unionAll(inLine(isInLine), inLine(isResuming)).orderBy(asc(jobs.createdAt), asc(jobs.id)).limit(MAX_LINE);
}

function selectWaiting(db: Queryable, which: SQL | undefined) {
  return db
    .select({
      id: jobs.id,
      createdAt: jobs.createdAt,
      organizationId: jobs.organizationId,
      requested: sql<PlacementRequest['requested']>`${jobs.spec} -> 'requestedPlacement'`.as('requested'),
      parallelism: missingReplicas.as('parallelism'),
      instanceTypeId: jobs.instanceTypeId,
    })
    .from(jobs)
    .where(which);
}

const isUnplaced = and(eq(jobs.status, 'QUEUED'), isNull(jobs.clusterId));

const isResuming = and(
  isNotNull(jobs.dueAt),
  isNotNull(jobs.clusterId),
  isNull(jobs.finishedAt),
  sql`(${jobs.state} ->> 'resuming')::boolean`,
);

/** One that waits for something else, such as what a cluster refuses it for, keeps no room from others. */
const isInLine = and(
  isUnplaced,
  sql`coalesce(${jobs.state} -> 'reason' ->> 'code', '')
    not in ('QUOTA_EXCEEDED', 'KUBERNETES_NAME_TAKEN', 'INHERITANCE_REFUSED', 'SECRETS_UNREADABLE')`,
);

function isOlderThan({ id, createdAt }: Pick<WaitingRow, 'id' | 'createdAt'>): SQL {
  return sql`(${jobs.createdAt}, ${jobs.id}) < (${createdAt.toISOString()}::timestamptz, ${id})`;
}

/**
 * GPUs of organizations that have a limit: what their jobs hold, and what those that are placed will still ask for.
 * Pods of a job that is being suspended or ended count for as long as they are there.
 */
async function readAllowances(db: Queryable): Promise<Map<string, GpuAllowance>> {
  const replicas = sql`greatest(case when ${mayStartPods} then ${wantedReplicas} else 0 end, ${jobs.livePods})`;
  const rows = await db
    .select({
      id: organizations.id,
      maxGpus: sql<number>`${organizations.maxGpus}`,
      heldGpus: sql<number>`coalesce(sum(${instanceTypes.gpuCount} * ${replicas}), 0)::int`,
    })
    .from(organizations)
    .leftJoin(jobs, and(eq(jobs.organizationId, organizations.id), isNotNull(jobs.clusterId), isNull(jobs.finishedAt)))
    .leftJoin(instanceTypes, eq(instanceTypes.id, jobs.instanceTypeId))
    .where(isNotNull(organizations.maxGpus))
    .groupBy(organizations.id);
  return new Map(rows.map(({ id, maxGpus, heldGpus }) => [id, { maxGpus, heldGpus }]));
}
