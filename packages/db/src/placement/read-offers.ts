import type { Offer } from '@ccluster/domain';
import { eq, not, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { clusters } from '../schema/clusters.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs } from '../schema/jobs.js';
import { isReserving, missingReplicas } from '../schema/waiting-jobs.js';

/** Replicas that jobs placed on an instance type will still ask for: they hold no node yet, and the room is theirs. */
export interface Reservation {
  readonly clusterId: string;
  readonly gpuType: string | null;
  readonly gpuCount: number;
  readonly replicas: number;
}

/** By instance type. */
export interface StoredOffers {
  /** What jobs may be placed on now, private clusters included. */
  readonly open: readonly Offer[];
  /** Those removed since too: jobs may still be there. */
  readonly all: ReadonlyMap<string, Offer>;
}

/** All offers, each with the room that is left once what was placed before has what it asked for. */
export async function readOffers(db: Queryable): Promise<StoredOffers> {
  const rows = await findOfferRows(db);
  const reservations = rows.map(({ cluster, instanceType, replicas }) => ({
    clusterId: cluster.id,
    ...instanceType,
    replicas,
  }));
  const offers = rows.map((row) => ({ offer: offerOf(row, reservations), isRemoved: row.isRemoved }));
  return {
    open: offers.filter(({ isRemoved }) => !isRemoved).map(({ offer }) => offer),
    all: new Map(offers.map(({ offer }) => [offer.instanceType.id, offer])),
  };
}

/** What jobs may be placed on now, with the room that was counted last: nothing is taken off for what is placed since. */
export async function listOpenOffers(db: Queryable): Promise<Offer[]> {
  const { room, roomWhenEmpty } = instanceTypes;
  const rows = await db
    .select({ cluster: clusterColumns, instanceType: instanceTypeColumns, room, roomWhenEmpty })
    .from(instanceTypes)
    .innerJoin(clusters, eq(clusters.id, instanceTypes.clusterId))
    .where(not(isRemoved));
  return rows.map((row) => offerOf(row, []));
}

type OfferRow = Awaited<ReturnType<typeof findOfferRows>>[number];

/** In one statement: room and reservations of two moments would count some replicas twice, or not at all. */
function findOfferRows(db: Queryable) {
  const { room, roomWhenEmpty } = instanceTypes;
  const reserved = db
    .select({
      instanceTypeId: jobs.instanceTypeId,
      replicas: sql<number>`sum(${missingReplicas(jobs)})`.as('replicas'),
    })
    .from(jobs)
    .where(isReserving(jobs))
    .groupBy(jobs.instanceTypeId)
    .as('reserved');
  const replicas = sql<number>`coalesce(${reserved.replicas}, 0)::int`;
  return db
    .select({ cluster: clusterColumns, instanceType: instanceTypeColumns, room, roomWhenEmpty, isRemoved, replicas })
    .from(instanceTypes)
    .innerJoin(clusters, eq(clusters.id, instanceTypes.clusterId))
    .leftJoin(reserved, eq(reserved.instanceTypeId, instanceTypes.id));
}

const isRemoved = sql<boolean>`(${clusters.removedAt} is not null or ${instanceTypes.removedAt} is not null)`;

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

function offerOf(row: Omit<OfferRow, 'isRemoved' | 'replicas'>, reservations: readonly Reservation[]): Offer {
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
