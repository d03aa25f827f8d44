import type { Offer, PlacementRequest, PlacementSnapshot, RankedOffer } from './placement-offer.js';
import { isRival, likenessOf, standBehind, waiterOf, type Choice, type StandingBehind } from './placement-line.js';
import { rank, roomTier } from './placement-ranking.js';
import { counted, dollars, nameOf, ordinal } from './placement-reasons.js';

export type * from './placement-offer.js';

/**
 * As many go in one turn, which keeps all other placements waiting; more in the next. So of jobs that ask for the same no
 * more than these and one need be in a line.
 */
export const MOST_AHEAD = 100;

/** Of a line that is longer nobody counts the rest: a place in it tells no more then. */
export const MOST_COUNTED = 1_000;

/** What a job comes to in its turn. */
export interface Turn<R extends PlacementRequest> {
  /** Those of the line that go before it now, oldest first. Its own result holds once they have gone. */
  readonly ahead: readonly (Placed & { readonly request: R })[];
  /** undefined: more go before it than do in one turn, and its own comes after those. */
  readonly result: PlacementResult | undefined;
}

export type PlacementResult = Placed | { readonly waiting: PlacementWaiting; readonly offers: readonly RankedOffer[] };

export interface Placed {
  readonly placed: Offer;
  readonly explanation: string;
}

/** What the job waits for. */
export interface PlacementWaiting {
  readonly code:
    | 'WAITING_FOR_CAPACITY'
    | 'ORGANIZATION_LIMIT'
    | 'CLUSTER_UNREACHABLE'
    | 'CLUSTER_DRAINING'
    | 'NO_MATCHING_OFFER';
  readonly message: string;
  /** From 1; null where nothing is waited for that others wait for too. */
  readonly placeInLine: number | null;
}

const MAX_OFFERS_IN_A_MESSAGE = 3;

/** All offers to the job's organization, best first, each with why it is not the one; behind the line. */
export function rankOffers(request: PlacementRequest, snapshot: PlacementSnapshot): RankedOffer[] {
  return rank(request, standBehind(snapshot));
}

/** Chooses the best offer for a job, behind the line, or says what it waits for. */
export function place(request: PlacementRequest, snapshot: PlacementSnapshot): PlacementResult {
  return placeBehind(request, standBehind(snapshot));
}

/**
 * The same, with those before it. What it is given is only left if they have taken theirs: were it to go first, they
 * might choose otherwise, and one of them find nothing any more.
 */
export function takeTurn<R extends PlacementRequest>(request: R, snapshot: PlacementSnapshot<R>): Turn<R> {
  const standing = standBehind(snapshot, MOST_AHEAD);
  const ahead = [...standing.placed].map(([each, choice]) => ({ request: each, ...placedBy(each, choice) }));
  return { ahead, result: standing.isCut ? undefined : placeBehind(request, standing) };
}

function placeBehind(request: PlacementRequest, standing: StandingBehind): PlacementResult {
  const offers = rank(request, standing);
  const taken = offers[0]?.eligible === true ? offers[0].offer : undefined;
  if (taken !== undefined) return placedBy(request, { taken, offers });
  return { waiting: waitingFor(request, offers, standing), offers };
}

/** Those of the line that would go now, oldest first. */
export function findPlaceable<R extends PlacementRequest>(snapshot: PlacementSnapshot<R>): R[] {
  return [...standBehind(snapshot).placed.keys()];
}

/**
 * Whose turns would let all of those go: the youngest of each kind. A kind of which none can go after all, as whoever
 * takes the turn knows more, keeps the others from nothing then.
 */
export function findWorthTurns<R extends PlacementRequest>(snapshot: PlacementSnapshot<R>): R[] {
  const youngest = new Map(findPlaceable(snapshot).map((request) => [likenessOf(request), request]));
  return [...youngest.values()];
}

function placedBy(request: PlacementRequest, choice: Choice): Placed {
  return { placed: choice.taken, explanation: explain(request, choice) };
}

function explain({ parallelism }: PlacementRequest, { taken, offers }: Choice): string {
  const { room } = taken;
  const tier = roomTier(room, parallelism);
  const eligible = offers.filter((ranked) => ranked.eligible);
  const rivals = eligible.filter(({ offer }) => roomTier(offer.room, parallelism) === tier).length - 1;
  const price = `${dollars(taken.instanceType.pricePerHourCents)} per replica and hour`;
  const chosen = `${nameOf(taken)} at ${price}`;
  switch (tier) {
    case 'ALL':
      return `${chosen}: ${amongRivals(rivals)} room for ${parallelism === 1 ? 'a replica' : `all ${parallelism} replicas`}`;
    case 'SOME':
      return `${chosen}: room for ${room ?? 0} of ${counted(parallelism, 'replica')} now, and no other has room for all`;
    case 'NONE':
      return taken.autoscaling
        ? `${chosen}: no room now, and the cluster adds nodes for what waits`
        : `${chosen}: the only instance type that matches; no room now, so its replicas wait there`;
  }
}

function amongRivals(rivals: number): string {
  return rivals === 0 ? 'the only one with' : `the best of ${rivals + 1} by price and backlog with`;
}

function waitingFor(
  request: PlacementRequest,
  offers: readonly RankedOffer[],
  standing: StandingBehind,
): PlacementWaiting {
  const blockedBy = (...codes: string[]) => offers.filter(({ reasons }) => codes.includes(reasons[0]?.code ?? ''));
  const full = blockedBy('NO_ROOM', 'KEPT_FOR_OLDER_JOBS');
  const waiter = waiterOf(request, offers, standing);
  const rivals = standing.waiters.filter((other) => isRival(waiter, other));
  const placeInLine = rivals.reduce((place, { count }) => place + count, 1);
  const inLine =
    placeInLine > MOST_COUNTED ? `Beyond the ${ordinal(MOST_COUNTED)} in line` : `${ordinal(placeInLine)} in line`;
  if (full.length > 0)
    return { code: 'WAITING_FOR_CAPACITY', message: `${inLine} for ${names(full)}${unknown(full)}`, placeInLine };
  const limited = blockedBy('ORGANIZATION_LIMIT');
  if (limited.length > 0) {
    const message = waiter.isLimited ? `${inLine}: ${messages(limited)}` : messages(limited);
    return { code: 'ORGANIZATION_LIMIT', message, placeInLine: waiter.isLimited ? placeInLine : null };
  }
  return { ...obstacleTo(offers), placeInLine: null };
}

function obstacleTo(offers: readonly RankedOffer[]): Omit<PlacementWaiting, 'placeInLine'> {
  const blockedBy = (code: string) => offers.filter(({ reasons }) => reasons[0]?.code === code);
  const [unreachable, draining] = [blockedBy('UNREACHABLE'), blockedBy('DRAINING')];
  if (unreachable.length > 0) return { code: 'CLUSTER_UNREACHABLE', message: messages(unreachable) };
  if (draining.length > 0) return { code: 'CLUSTER_DRAINING', message: messages(draining) };
  if (offers.length === 0) return { code: 'NO_MATCHING_OFFER', message: 'No instance type is registered' };
  return { code: 'NO_MATCHING_OFFER', message: `No instance type matches: ${messages(offers)}` };
}

/** Without the room that there is: a job that waits is written only when what it waits for has changed. */
function names(offers: readonly RankedOffer[]): string {
  return listed(offers, ({ offer }) => nameOf(offer), ', ');
}

function unknown(offers: readonly RankedOffer[]): string {
  const unseen = offers.filter(({ offer }) => offer.room === null).map(({ offer }) => offer.clusterName);
  return unseen.length === 0 ? '' : `; how much room ${[...new Set(unseen)].join(', ')} has is not known yet`;
}

function messages(offers: readonly RankedOffer[]): string {
  const because = ({ reasons }: RankedOffer) => reasons.map(({ message }) => message).join(', ');
  return listed(offers, (ranked) => `${nameOf(ranked.offer)}: ${because(ranked)}`, '; ');
}

function listed(offers: readonly RankedOffer[], text: (ranked: RankedOffer) => string, separator: string): string {
  const told = offers.slice(0, MAX_OFFERS_IN_A_MESSAGE).map(text);
  const rest = offers.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join(separator);
}
