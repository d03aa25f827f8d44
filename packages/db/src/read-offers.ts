import { idSuffix, type Offer, type PlacementSnapshot } from '@ccluster/domain';
import { and, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Queryable } from './database.js';
import { clusters } from './schema/clusters.js';
import { instanceTypes } from './schema/instance-types.js';
import { jobs } from './schema/jobs.js';

/** Replicas that jobs placed on an instance type will still ask for: they hold no node yet, and the room is theirs. */
export interface Reservation {
  readonly clusterId: string;
  readonly gpuType: string | null;
  readonly gpuCount: number;
  readonly replicas: number;
}

/**
 * What an organization may be placed on now: instance types of managed clusters and of its own, with the room that is
 * left once what was placed before has what it asked for.
 * @param clusterId given: of this cluster only
 */
export async function readOffers(
  db: Queryable,
  organizationId: string,
  clusterId?: string,
): Promise<PlacementSnapshot> {
  const rows = await findOfferRows(db, organizationId, clusterId);
  const reservations = await findReservations(db, clusterId);
  return { offers: rows.map((row) => offerOf(row, reservations, organizationId)) };
}

type OfferRow = Awaited<ReturnType<typeof findOfferRows>>[number];

function findOfferRows(db: Queryable, organizationId: string, clusterId: string | undefined) {
  return db
    .select({ cluster: clusterColumns, instanceType: instanceTypeColumns, room: instanceTypes.room })
    .from(instanceTypes)
    .innerJoin(clusters, eq(clusters.id, instanceTypes.clusterId))
    .where(
      and(
        isNull(clusters.removedAt),
        isNull(instanceTypes.removedAt),
        or(isNull(clusters.organizationId), eq(clusters.organizationId, organizationId)),
        clusterId === undefined ? undefined : eq(clusters.id, clusterId),
      ),
    );
}

const clusterColumns = {
  id: clusters.id,
  name: clusters.name,
  region: clusters.region,
  namespace: clusters.namespace,
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
const mayStartPods = sql`${jobs.state} ->> 'phase' in ('PLACED', 'ARMED')
  and coalesce(${jobs.state} ->> 'want', 'RUN') = 'RUN'`;

const completions = sql`(${jobs.spec} ->> 'completions')::int`;
const parallelism = sql`(${jobs.spec} ->> 'parallelism')::int`;

async function findReservations(db: Queryable, clusterId: string | undefined): Promise<Reservation[]> {
  const replicas = sql<number>`sum(greatest(least(${parallelism}, ${completions} - ${jobs.succeededCount})
    - ${jobs.livePods}, 0))::int`;
  return db
    .select({
      clusterId: instanceTypes.clusterId,
      gpuType: instanceTypes.gpuType,
      gpuCount: instanceTypes.gpuCount,
      replicas,
    })
    .from(jobs)
    .innerJoin(instanceTypes, eq(instanceTypes.id, jobs.instanceTypeId))
    .where(
      and(
        clusterId === undefined ? isNotNull(jobs.clusterId) : eq(jobs.clusterId, clusterId),
        isNull(jobs.finishedAt),
        mayStartPods,
      ),
    )
    .groupBy(instanceTypes.id);
}

function offerOf(row: OfferRow, reservations: readonly Reservation[], organizationId: string): Offer {
  const { cluster, instanceType } = row;
  const backlog = reservedReplicas({ clusterId: cluster.id, ...instanceType }, reservations);
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    region: cluster.region,
    namespace: namespaceFor(cluster.namespace, organizationId),
    draining: cluster.draining,
    autoscaling: cluster.autoscaling,
    reachable: cluster.unreachableSince === null,
    instanceType,
    room: row.room === null ? null : Math.max(row.room - backlog, 0),
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
