import type { Offer, OfferReason, PlacementRequest, PlacementSnapshot, RankedOffer } from './placement-offer.js';
import { counted, dollars, isPassing, mismatches, nameOf, noRoom, obstacles } from './placement-reasons.js';

/** How much of the job an eligible offer can start now; the lower the better. */
export type RoomTier = 'ALL' | 'SOME' | 'NONE';
const tierOrder: Readonly<Record<RoomTier, number>> = { ALL: 0, SOME: 1, NONE: 2 };

export function roomTier(room: number | null, parallelism: number): RoomTier {
  if (room === null || room < 1) return 'NONE';
  return room >= parallelism ? 'ALL' : 'SOME';
}

/**
 * All offers: those that a job may be placed on, best first, then the others, each with why. Room for all replicas goes
 * before room for some, then price, then backlog, then names, so that equals always rank the same.
 */
export function rankOffers(request: PlacementRequest, snapshot: PlacementSnapshot): RankedOffer[] {
  const { requested, parallelism } = request;
  const matching = snapshot.offers.filter((offer) => mismatches(requested, offer).length === 0);
  const ranked = snapshot.offers.map((offer) => judge(offer, request, matching.length === 1));
  ranked.sort((left, right) => byRank(left, right, parallelism));
  const first = ranked[0];
  return ranked.map((entry) =>
    entry.eligible && entry !== first && first !== undefined
      ? { ...entry, reasons: [notFirst(entry.offer, first.offer, parallelism)] }
      : entry,
  );
}

/**
 * Without room an offer is taken only where waiting for another is pointless: it is the sole one that matches, or its
 * cluster makes room for what waits.
 */
function judge(offer: Offer, request: PlacementRequest, isSole: boolean): RankedOffer {
  const reasons = [mismatches(request.requested, offer), obstacles(offer)].find((found) => found.length > 0);
  if (reasons !== undefined) return { offer, eligible: false, reasons };
  const hasRoom = roomTier(offer.room, request.parallelism) !== 'NONE';
  if (hasRoom || isSole || offer.autoscaling) return { offer, eligible: true, reasons: [] };
  return { offer, eligible: false, reasons: [noRoom(offer)] };
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
