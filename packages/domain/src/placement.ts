import type { Offer, PlacementRequest, PlacementSnapshot, RankedOffer } from './placement-offer.js';
import { rankOffers, roomTier } from './placement-ranking.js';
import { counted, dollars, nameOf } from './placement-reasons.js';

export type * from './placement-offer.js';
export { rankOffers } from './placement-ranking.js';

export type PlacementResult =
  | { readonly placed: Offer; readonly explanation: string }
  | { readonly waiting: PlacementWaiting; readonly offers: readonly RankedOffer[] };

/** What the job waits for. */
export interface PlacementWaiting {
  readonly code: 'WAITING_FOR_CAPACITY' | 'CLUSTER_UNREACHABLE' | 'CLUSTER_DRAINING' | 'NO_MATCHING_OFFER';
  readonly message: string;
}

const MAX_OFFERS_IN_A_MESSAGE = 3;

/** Chooses the best offer for a job, or says what it waits for. */
export function place(request: PlacementRequest, snapshot: PlacementSnapshot): PlacementResult {
  const offers = rankOffers(request, snapshot);
  const [first] = offers;
  if (first?.eligible === true) return { placed: first.offer, explanation: explain(first.offer, offers, request) };
  return { waiting: waitingFor(offers), offers };
}

function explain(taken: Offer, offers: readonly RankedOffer[], { parallelism }: PlacementRequest): string {
  const { room } = taken;
  const tier = roomTier(room, parallelism);
  const eligible = offers.filter((ranked) => ranked.eligible);
  const rivals = eligible.filter(({ offer }) => roomTier(offer.room, parallelism) === tier).length - 1;
  const price = `${dollars(taken.instanceType.pricePerHourCents)} per replica and hour`;
  const chosen = `${nameOf(taken)} at ${price}`;
  switch (tier) {
    case 'ALL':
      return `${chosen}: ${rank(rivals)} room for ${parallelism === 1 ? 'a replica' : `all ${parallelism} replicas`}`;
    case 'SOME':
      return `${chosen}: room for ${room ?? 0} of ${counted(parallelism, 'replica')} now, and no other has room for all`;
    case 'NONE':
      return taken.autoscaling
        ? `${chosen}: no room now, and the cluster adds nodes for what waits`
        : `${chosen}: the only instance type that matches; no room now, so its replicas wait there`;
  }
}

function rank(rivals: number): string {
  return rivals === 0 ? 'the only one with' : `the best of ${rivals + 1} by price and backlog with`;
}

function waitingFor(offers: readonly RankedOffer[]): PlacementWaiting {
  const blockedBy = (code: string) => offers.filter(({ reasons }) => reasons[0]?.code === code);
  const [full, unreachable, draining] = [blockedBy('NO_ROOM'), blockedBy('UNREACHABLE'), blockedBy('DRAINING')];
  if (full.length > 0) return { code: 'WAITING_FOR_CAPACITY', message: `Waits for room: ${messages(full)}` };
  if (unreachable.length > 0) return { code: 'CLUSTER_UNREACHABLE', message: messages(unreachable) };
  if (draining.length > 0) return { code: 'CLUSTER_DRAINING', message: messages(draining) };
  if (offers.length === 0) return { code: 'NO_MATCHING_OFFER', message: 'No instance type is registered' };
  return { code: 'NO_MATCHING_OFFER', message: `No instance type matches: ${messages(offers)}` };
}

function messages(offers: readonly RankedOffer[]): string {
  const told = offers
    .slice(0, MAX_OFFERS_IN_A_MESSAGE)
    .map(({ offer, reasons }) => `${nameOf(offer)}: ${reasons.map(({ message }) => message).join(', ')}`);
  const rest = offers.length - told.length;
  return rest > 0 ? `${told.join('; ')}; and ${rest} more` : told.join('; ');
}
