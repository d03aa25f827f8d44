import { idSuffix, type Offer } from '@ccluster/domain';
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { clusters } from '../schema/clusters.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs } from '../schema/jobs.js';

/** Replicas that jobs placed on an instance type will still ask for: they hold no node yet, and the room is theirs. */
export interface Reservation {
  readonly clusterId: string;
  readonly gpuType: string | null;
  readonly gpuCount: number;
  readonly replicas: number;
}

/**
 * What jobs may be placed on now, private clusters included, each with the room that is left once what was placed before
 * has what it asked for.
 */
export async function readOffers(db: Queryable): Promise<Offer[]> {
  const rows = await findOfferRows(db);
  const reservations = await findReservations(db);
  return rows.map((row) => offerOf(row, reservations));
}

type OfferRow = Awaited<ReturnType<typeof findOfferRows>>[number];

function findOfferRows(db: Queryable) {
  const { room, roomWhenEmpty } = instanceTypes;
  return db
    .select({ cluster: clusterColumns, instanceType: instanceTypeColumns, room, roomWhenEmpty })
    .from(instanceTypes)
    .innerJoin(clusters, eq(clusters.id, instanceTypes.clusterId))
    .where(and(isNull(clusters.removedAt), isNull(instanceTypes.removedAt)));
}

const clusterColumns = {
  id: clusters.id,
  name: clusters.name,
  region: clusters.region,
  namespace: clusters.namespace,
  organizationId: clusters.organizationId,
  draining: clusters.draining,
  autoscaling: clusters.autoscaling,
  unreachableSince: clusters.unreachableSince,
};

const instanceTypeColumns = {
  id: instanceTypes.id,
  name: instanceTypes.name,
  gpuType: instanceTypes.gpuType,
  gpuCount: instanceTypes.gpuCount,
  cpuMillicores: instanceTypes.cpuMillicores,
  memoryMib: instanceTypes.memoryMib,
  pricePerHourCents: instanceTypes.pricePerHourCents,
};

/** Jobs that run, or will: one that is suspended or ends asks for no more pods. */
export const mayStartPods = sql`${jobs.state} ->> 'phase' in ('PLACED', 'ARMED')
  and coalesce(${jobs.state} ->> 'want', 'RUN') = 'RUN'`;

const completions = sql`(${jobs.spec} ->> 'completions')::int`;
const parallelism = sql`(${jobs.spec} ->> 'parallelism')::int`;

/** Replicas at once that a job still has work for. */
export const wantedReplicas = sql`greatest(least(${parallelism}, ${completions} - ${jobs.succeededCount}), 0)`;

async function findReservations(db: Queryable): Promise<Reservation[]> {
  const replicas = sql<number>`sum(greatest(${wantedReplicas} - ${jobs.livePods}, 0))::int`;
  return db
    .select({
      clusterId: instanceTypes.clusterId,
      gpuType: instanceTypes.gpuType,
      gpuCount: instanceTypes.gpuCount,
      replicas,
    })
    .from(jobs)
    .innerJoin(instanceTypes, eq(instanceTypes.id, jobs.instanceTypeId))
    .where(and(isNotNull(jobs.clusterId), isNull(jobs.finishedAt), mayStartPods))
    .groupBy(instanceTypes.id);
}

function offerOf(row: OfferRow, reservations: readonly Reservation[]): Offer {
  const { cluster, instanceType } = row;
  const backlog = reservedReplicas({ clusterId: cluster.id, ...instanceType }, reservations);
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    region: cluster.region,
    namespace: cluster.namespace,
    organizationId: cluster.organizationId,
    draining: cluster.draining,
    autoscaling: cluster.autoscaling,
    reachable: cluster.unreachableSince === null,
    instanceType,
    room: row.room === null ? null : Math.max(row.room - backlog, 0),
    roomWhenEmpty: row.roomWhenEmpty,
    backlog,
  };
}

/**
 * Reservations on one cluster's nodes of one GPU type, in replicas of the given size: instance types of different sizes
 * share the same GPUs. Without GPUs the sizes do not compare, so a replica counts as a replica.
 */
export function reservedReplicas(
  size: { readonly clusterId: string; readonly gpuType: string | null; readonly gpuCount: number },
  reservations: readonly Reservation[],
): number {
  const rivals = reservations.filter(
    (reservation) => reservation.clusterId === size.clusterId && reservation.gpuType === size.gpuType,
  );
  if (size.gpuCount === 0) return sum(rivals.map((rival) => rival.replicas));
  return Math.ceil(sum(rivals.map((rival) => rival.replicas * rival.gpuCount)) / size.gpuCount);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * A managed cluster can give each organization a namespace of its own, by a template; ids are used in it since an
 * organization's name may be no DNS label.
 */
export function namespaceFor(template: string, organizationId: string): string {
  return template.replaceAll('{organization}', idSuffix(organizationId));
}
