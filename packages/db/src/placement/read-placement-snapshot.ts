import type { GpuAllowance, PlacementRequest, PlacementSnapshot } from '@ccluster/domain';
import { and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { findLine, type PlaceInLine, type WaitingKind } from './find-line.js';
import { readOffers, type StoredOffers } from './read-offers.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs } from '../schema/jobs.js';
import { organizations } from '../schema/organizations.js';
import { isResuming, isUnplaced, mayStartPods, missingReplicas, wantedReplicas } from '../schema/waiting-jobs.js';

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
  const own = await findOwn(db, jobId);
  if (own === undefined) return undefined;
  const offers = await readOffers(db);
  const request = requestOf(own, own.id, offers);
  return { request, snapshot: await snapshotOf(db, await findLine(db, own), offers) };
}

async function findOwn(
  db: Queryable,
  jobId: string,
): Promise<(PlaceInLine & Omit<WaitingKind, 'oldest' | 'count'>) | undefined> {
  const [own] = await db
    .select({
      id: jobs.id,
      createdAt: jobs.createdAt,
      organizationId: jobs.organizationId,
      requested: sql<PlacementRequest['requested']>`${jobs.spec} -> 'requestedPlacement'`,
      parallelism: missingReplicas(jobs),
      instanceTypeId: jobs.instanceTypeId,
    })
    .from(jobs)
    .where(and(eq(jobs.id, jobId), or(isUnplaced(jobs), isResuming(jobs))));
  return own && { ...own, createdMs: own.createdAt.getTime() };
}

async function snapshotOf(
  db: Queryable,
  kinds: readonly WaitingKind[],
  offers: StoredOffers,
): Promise<PlacementSnapshot<JobInLine>> {
  return { offers: offers.open, line: lineOf(kinds, offers), allowances: await readAllowances(db) };
}

/** Oldest first. */
function lineOf(kinds: readonly WaitingKind[], offers: StoredOffers): JobInLine[] {
  const waiting = kinds.flatMap((kind) => {
    const further = kind.count - kind.oldest.length;
    return kind.oldest.map(([id, createdMs], i) => {
      const request = requestOf(kind, id, offers);
      const isLast = i === kind.oldest.length - 1;
      return { createdMs, request: isLast && further > 0 ? { ...request, further } : request };
    });
  });
  waiting.sort((left, right) => left.createdMs - right.createdMs || (left.request.id < right.request.id ? -1 : 1));
  return waiting.map(({ request }) => request);
}

function requestOf(
  { organizationId, requested, parallelism, instanceTypeId }: Omit<WaitingKind, 'oldest' | 'count'>,
  id: string,
  { all }: StoredOffers,
): JobInLine {
  const request = { id, organizationId, requested, parallelism };
  if (instanceTypeId === null) return request;
  const resumesOn = all.get(instanceTypeId);
  if (resumesOn === undefined) throw new Error(`Instance type ${instanceTypeId} has no row`);
  return { ...request, resumesOn };
}

/**
 * GPUs of organizations that have a limit: what their jobs hold, and what those that are placed will still ask for.
 * Pods of a job that is being suspended or ended count for as long as they are there.
 */
async function readAllowances(db: Queryable): Promise<Map<string, GpuAllowance>> {
  const limited = await db
    .select({ id: organizations.id, maxGpus: sql<number>`${organizations.maxGpus}` })
    .from(organizations)
    .where(isNotNull(organizations.maxGpus));
  // Mostly nobody has a limit, and then the jobs are not worth a look.
  if (limited.length === 0) return new Map();
  const ids = limited.map(({ id }) => id);
  const held = await readHeldGpus(db, ids);
  return new Map(limited.map(({ id, maxGpus }) => [id, { maxGpus, heldGpus: held.get(id) ?? 0 }]));
}

async function readHeldGpus(db: Queryable, organizationIds: readonly string[]): Promise<Map<string, number>> {
  const replicas = sql`greatest(case when ${mayStartPods(jobs)} then ${wantedReplicas(jobs)} else 0 end, ${jobs.livePods})`;
  const rows = await db
    .select({ id: jobs.organizationId, gpus: sql<number>`sum(${instanceTypes.gpuCount} * ${replicas})::int` })
    .from(jobs)
    .innerJoin(instanceTypes, eq(instanceTypes.id, jobs.instanceTypeId))
    .where(and(inArray(jobs.organizationId, [...organizationIds]), isNotNull(jobs.clusterId), isNull(jobs.finishedAt)))
    .groupBy(jobs.organizationId);
  return new Map(rows.map(({ id, gpus }) => [id, gpus]));
}
