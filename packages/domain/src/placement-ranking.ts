import type { GpuAllowance, Offer, OfferReason, PlacementRequest, RankedOffer } from './placement-offer.js';
import {
  counted,
  dollars,
  isPassing,
  keptForOlderJobs,
  mismatches,
  nameOf,
  noRoom,
  obstacles,
  overOrganizationLimit,
  refusesOrganization,
} from './placement-reasons.js';

/** How things stand for one request, once those before it have taken theirs. */
export interface Standing {
  readonly offers: readonly Offer[];
  /** Pools of which nothing is given away past those who wait for them. */
  readonly keptPools: ReadonlySet<string>;
  readonly allowances: ReadonlyMap<string, StandingAllowance>;
}

export interface StandingAllowance extends GpuAllowance {
  /** An older job of the organization waits for what is left of it. */
  readonly kept: boolean;
}

/** What offers of different sizes take their room from: the GPUs of one type in one cluster. */
export function poolOf({ clusterId, instanceType }: Offer): string {
  return `${clusterId} ${instanceType.gpuType ?? ''}`;
}

/** GPUs that all replicas take there together. */
export function gpusOf({ parallelism }: PlacementRequest, { instanceType }: Offer): number {
  return parallelism * instanceType.gpuCount;
}

/** How much of the job an eligible offer can start now; the lower the better. */
export type RoomTier = 'ALL' | 'SOME' | 'NONE';
const tierOrder: Readonly<Record<RoomTier, number>> = { ALL: 0, SOME: 1, NONE: 2 };

export function roomTier(room: number | null, parallelism: number): RoomTier {
  if (room === null || room < 1) return 'NONE';
  return room >= parallelism ? 'ALL' : 'SOME';
}

/**
 * All offers to the organization: those that its job may be placed on, best first, then the others, each with why. Room
 * for all replicas goes before room for some, then price, then backlog, then names, so that equals always rank the same.
 */
export function rank(request: PlacementRequest, standing: Standing): RankedOffer[] {
  const { requested, parallelism, organizationId, resumesOn } = request;
  if (resumesOn !== undefined) return [whereItWas(request, resumesOn, standing)];
  const offers = standing.offers.filter((offer) => [null, organizationId].includes(offer.organizationId));
  const isSole = offers.filter((offer) => mismatches(requested, offer).length === 0).length === 1;
  const ranked = offers.map((offer) => {
    const reasons = reasonsAgainst(offer, request, standing, isSole);
    return { offer, eligible: reasons.length === 0, reasons };
  });
  ranked.sort((left, right) => byRank(left, right, parallelism));
  const first = ranked[0];
  return ranked.map((entry) =>
    entry.eligible && entry !== first && first !== undefined
      ? { ...entry, reasons: [notFirst(entry.offer, first.offer, parallelism)] }
      : entry,
  );
}

function whereItWas(request: PlacementRequest, offer: Offer, standing: Standing): RankedOffer {
  const reasons = beyondLimit(offer, request, standing);
  return { offer, eligible: reasons.length === 0, reasons };
}

/** Of the first kind that there are any of: it does not match, takes nothing, is for others, is full. */
function reasonsAgainst(
  offer: Offer,
  request: PlacementRequest,
  standing: Standing,
  isSole: boolean,
): readonly OfferReason[] {
  const refusal = request.avoids?.has(offer.clusterId) === true ? [refusesOrganization(offer)] : [];
  const against = [...obstacles(offer), ...refusal];
  const found = [mismatches(request.requested, offer), against, beyondLimit(offer, request, standing)];
  const first = found.find((reasons) => reasons.length > 0);
  if (first !== undefined) return first;
  if (standing.keptPools.has(poolOf(offer))) return [keptForOlderJobs(offer)];
  return canTake(offer, request, isSole) ? [] : [noRoom(offer)];
}

function beyondLimit(offer: Offer, request: PlacementRequest, standing: Standing): OfferReason[] {
  const allowance = standing.allowances.get(request.organizationId);
  const gpus = gpusOf(request, offer);
  if (allowance === undefined || gpus === 0) return [];
  const { maxGpus, heldGpus, kept } = allowance;
  return kept || heldGpus + gpus > maxGpus ? [overOrganizationLimit(allowance, gpus)] : [];
}

/**
 * Without room an offer is taken only where waiting for another is pointless: it is the sole one that matches, or its
 * cluster makes room for what waits.
 */
function canTake({ room, autoscaling }: Offer, { parallelism }: PlacementRequest, isSole: boolean): boolean {
  return roomTier(room, parallelism) !== 'NONE' || isSole || autoscaling;
}

function byRank(left: RankedOffer, right: RankedOffer, parallelism: number): number {
  return (
    distance(left) - distance(right) ||
    compareOffers(left.offer, right.offer, parallelism) ||
    compareText(nameOf(left.offer), nameOf(right.offer)) ||
    compareText(left.offer.instanceType.id, right.offer.instanceType.id)
  );
}

/** From being taken: 0 eligible, 1 after some waiting, more with each thing that does not match. */
function distance({ eligible, reasons }: RankedOffer): number {
  if (eligible) return 0;
  return reasons.some(({ code }) => isPassing(code)) ? 1 : 1 + reasons.length;
}

function compareOffers(left: Offer, right: Offer, parallelism: number): number {
  return (
    tierOrder[roomTier(left.room, parallelism)] - tierOrder[roomTier(right.room, parallelism)] ||
    left.instanceType.pricePerHourCents - right.instanceType.pricePerHourCents ||
    left.backlog - right.backlog
  );
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function notFirst(offer: Offer, first: Offer, parallelism: number): OfferReason {
  return { code: 'NOT_FIRST', message: `${comparison(offer, first, parallelism)} ${nameOf(first)}` };
}

/** The first thing in which the two differ, in the order of the ranking. */
function comparison(offer: Offer, first: Offer, parallelism: number): string {
  if (roomTier(offer.room, parallelism) !== roomTier(first.room, parallelism))
    return `Has room for ${offer.room ?? 0} of ${counted(parallelism, 'replica')} now, less than`;
  const price = offer.instanceType.pricePerHourCents;
  if (price !== first.instanceType.pricePerHourCents) return `Costs ${dollars(price)} per replica and hour, more than`;
  if (offer.backlog !== first.backlog) return `${counted(offer.backlog, 'replica')} wait there, more than on`;
  return 'Equal in all, but its name comes after that of';
}
