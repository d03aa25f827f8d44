import type { Offer, OfferReasonCode, PlacementRequest, PlacementSnapshot, RankedOffer } from './placement-offer.js';
import { gpusOf, poolOf, rank, type Standing, type StandingAllowance } from './placement-ranking.js';

/** How things stand behind a line: what of it can be placed has been, and the others wait. */
export interface StandingBehind<R extends PlacementRequest = PlacementRequest> extends Standing {
  /** Oldest first. */
  readonly placed: ReadonlyMap<R, Choice>;
  /** Oldest first. */
  readonly waiters: readonly Waiter[];
  /** More could go than were to: how things stand behind those is not known. */
  readonly isCut: boolean;
}

/** What a job takes in its turn. */
export interface Choice {
  readonly taken: Offer;
  /** What it could choose from; it takes the first. */
  readonly offers: readonly RankedOffer[];
}

/** What a job waits for. */
export interface Waiter {
  readonly organizationId: string;
  /** Where it waits for room. */
  readonly pools: ReadonlySet<string>;
  /** It waits for other jobs of its organization to end. */
  readonly isLimited: boolean;
  /** It, and those like it that it stands for. */
  readonly count: number;
}

/**
 * Places those of the line one after the other, as they would be in truth. One that has to wait keeps for itself
 * whatever it could use: a small young job would otherwise always take what a big old one waits for. What it cannot use
 * is free for others.
 * @param most as many go, and no more
 */
export function standBehind<R extends PlacementRequest>(
  { offers, line, allowances }: PlacementSnapshot<R>,
  most = Infinity,
): StandingBehind<R> {
  const open = new Map([...allowances].map(([id, allowance]) => [id, { ...allowance, kept: false }]));
  let standing: Standing = { offers, keptPools: new Set(), allowances: open };
  const placed = new Map<R, Choice>();
  const waiters: Waiter[] = [];
  // Behind one that waits, its like waits too, since room only shrinks along the line: a long one is mostly that.
  const waiterByLikeness = new Map<string, Waiter>();
  for (const request of line) {
    const likeness = likenessOf(request);
    const like = waiterByLikeness.get(likeness);
    const ranked = like === undefined ? rank(request, standing) : [];
    const [first] = ranked;
    if (first?.eligible === true) {
      if (placed.size === most) return { ...standing, placed, waiters, isCut: true };
      placed.set(request, { taken: first.offer, offers: ranked });
      standing = withTaken(standing, request, first.offer);
    } else {
      const waiter = like ?? waiterOf(request, ranked, standing);
      waiters.push({ ...waiter, count: 1 + (request.further ?? 0) });
      waiterByLikeness.set(likeness, waiter);
      if (like === undefined) standing = withKept(standing, waiter, ranked);
    }
  }
  return { ...standing, placed, waiters, isCut: false };
}

/** The same for all that ask for the same, and can have the same. */
export function likenessOf({ organizationId, requested, parallelism, resumesOn, avoids }: PlacementRequest): string {
  return JSON.stringify([organizationId, requested, parallelism, resumesOn?.instanceType.id, ...(avoids ?? [])]);
}

/** @param ranked of which none is eligible */
export function waiterOf(request: PlacementRequest, ranked: readonly RankedOffer[], standing: Standing): Waiter {
  const { organizationId } = request;
  const maxGpus = standing.allowances.get(organizationId)?.maxGpus ?? Infinity;
  const limited = offersWith(ranked, 'ORGANIZATION_LIMIT');
  return {
    organizationId,
    pools: new Set(offersWith(ranked, 'NO_ROOM', 'KEPT_FOR_OLDER_JOBS').map(poolOf)),
    isLimited: limited.some((offer) => gpusOf(request, offer) <= maxGpus),
    count: 1,
  };
}

/** Whether the two wait for the same, so that the older one goes first. */
export function isRival(left: Waiter, right: Waiter): boolean {
  if (left.isLimited && right.isLimited && left.organizationId === right.organizationId) return true;
  return [...left.pools].some((pool) => right.pools.has(pool));
}

function offersWith(ranked: readonly RankedOffer[], ...codes: readonly OfferReasonCode[]): Offer[] {
  return ranked.filter(({ reasons }) => reasons.some(({ code }) => codes.includes(code))).map(({ offer }) => offer);
}

/** Sizes on the same GPUs have that much less room; without GPUs a replica takes the room of a replica. */
function withTaken(standing: Standing, request: PlacementRequest, taken: Offer): Standing {
  const pool = poolOf(taken);
  const gpus = gpusOf(request, taken);
  const offers = standing.offers.map((offer) => {
    if (poolOf(offer) !== pool) return offer;
    const { gpuCount } = offer.instanceType;
    const replicas = gpuCount === 0 ? request.parallelism : Math.ceil(gpus / gpuCount);
    const room = offer.room === null ? null : Math.max(offer.room - replicas, 0);
    return { ...offer, room, backlog: offer.backlog + replicas };
  });
  const change = ({ heldGpus, ...rest }: StandingAllowance) => ({ ...rest, heldGpus: heldGpus + gpus });
  return { ...standing, offers, allowances: withChanged(standing.allowances, request.organizationId, change) };
}

/**
 * Kept is only what gets free one day: not where the room is not known, and not on nodes that would be too small even
 * with nothing else on them, or one job could hold up all others for ever.
 */
function withKept(standing: Standing, waiter: Waiter, ranked: readonly RankedOffer[]): Standing {
  const worthwhile = offersWith(ranked, 'NO_ROOM').filter(
    ({ room, roomWhenEmpty }) => room !== null && roomWhenEmpty !== 0,
  );
  const keptPools = new Set([...standing.keptPools, ...worthwhile.map(poolOf)]);
  if (!waiter.isLimited) return { ...standing, keptPools };
  const change = (allowance: StandingAllowance) => ({ ...allowance, kept: true });
  return { ...standing, keptPools, allowances: withChanged(standing.allowances, waiter.organizationId, change) };
}

function withChanged(
  allowances: Standing['allowances'],
  organizationId: string,
  change: (allowance: StandingAllowance) => StandingAllowance,
): Standing['allowances'] {
  const allowance = allowances.get(organizationId);
  return allowance === undefined ? allowances : new Map([...allowances, [organizationId, change(allowance)]]);
}
