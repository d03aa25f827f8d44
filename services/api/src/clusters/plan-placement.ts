import { readPlacementSnapshot } from '@ccluster/db';
import { parsePlacementPlan, rankOffers, type RankedOffer } from '@ccluster/domain';
import type { Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import type { PlacementOffer, PlacementPlanInput } from './placement-plan.type.js';

/** GraphQL's Int ends here. */
const MAX_PRICE_CENTS = 2_147_483_647;

/**
 * What `createJob` would choose now, best first, then the rest: by the dispatcher's own function and snapshot. Throws
 * BAD_USER_INPUT.
 */
export async function planPlacement(
  { database, clock, limits }: Services,
  { organizationId }: Principal,
  unsafeInput: PlacementPlanInput,
): Promise<PlacementOffer[]> {
  const { placement: requested, parallelism } = parsePlacementPlan(unsafeInput, limits.maxParallelism);
  const snapshot = await readPlacementSnapshot(database.db);
  const ranked = rankOffers({ organizationId, requested, parallelism }, snapshot);
  return ranked.map((offer) => toPlacementOffer(offer, parallelism, new Date(clock.nowMs())));
}

function toPlacementOffer({ offer, eligible, reasons }: RankedOffer, parallelism: number, since: Date): PlacementOffer {
  const { instanceType, room } = offer;
  return {
    instanceTypeId: instanceType.id,
    eligible,
    room,
    totalPricePerHourCents: Math.min(instanceType.pricePerHourCents * parallelism, MAX_PRICE_CENTS),
    reasons: reasons.map((reason) => ({ ...reason, since })),
  };
}
