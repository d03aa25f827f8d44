import type { GpuAllowance, PlacementRequest, PlacementSnapshot } from '@ccluster/domain';
import { and, asc, eq, isNotNull, isNull, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { mayStartPods, readOffers, wantedReplicas } from './read-offers.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs } from '../schema/jobs.js';
import { organizations } from '../schema/organizations.js';

/** Of a longer line the rest is not looked at: who stands there is woken as those before it are placed. */
const MAX_LINE = 1_000;

/** A job that waits to be placed. */
export interface JobInLine extends PlacementRequest {
  readonly id: string;
  readonly eventSequence: number;
}

/**
 * All that a placement is decided by.
 * @param before this job: those in line that are older; not given: all
 */
export async function readPlacementSnapshot(
  db: Queryable,
  before?: { readonly id: string; readonly createdAt: Date },
): Promise<PlacementSnapshot> {
  const offers = await readOffers(db);
  return { offers, line: await readLine(db, before), allowances: await readAllowances(db) };
}

/** The oldest jobs that wait to be placed, oldest first. Served by a partial index. */
export async function readLine(
  db: Queryable,
  before?: { readonly id: string; readonly createdAt: Date },
): Promise<JobInLine[]> {
  return db
    .select({
      id: jobs.id,
      eventSequence: jobs.eventSequence,
      organizationId: jobs.organizationId,
      requested: sql<PlacementRequest['requested']>`${jobs.spec} -> 'requestedPlacement'`,
      parallelism: sql<number>`(${jobs.spec} ->> 'parallelism')::int`,
    })
    .from(jobs)
    .where(and(isInLine, before === undefined ? undefined : isOlderThan(before)))
    .orderBy(asc(jobs.createdAt), asc(jobs.id))
    .limit(MAX_LINE);
}

const isUnplaced = and(eq(jobs.status, 'QUEUED'), isNull(jobs.clusterId));

/** One that a cluster has just refused for reasons of its own waits for that, and keeps no room from others. */
const isInLine = and(
  isUnplaced,
  sql`coalesce(${jobs.state} -> 'reason' ->> 'code', '') not in ('QUOTA_EXCEEDED', 'KUBERNETES_NAME_TAKEN')`,
);

function isOlderThan({ id, createdAt }: { readonly id: string; readonly createdAt: Date }): SQL {
  return sql`(${jobs.createdAt}, ${jobs.id}) < (${createdAt.toISOString()}::timestamptz, ${id})`;
}

/**
 * GPUs of organizations that have a limit: what their jobs hold, and what those that are placed will still ask for.
 * Pods of a job that is being suspended or ended count for as long as they are there.
 */
export async function readAllowances(db: Queryable): Promise<Map<string, GpuAllowance>> {
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
