import type { RequestedPlacement } from '../job-spec.js';
import type { Offer, PlacementRequest, PlacementSnapshot } from '../placement-offer.js';
import { anywhere } from './builders.js';

export type OfferOverrides = Partial<Omit<Offer, 'instanceType'>> & { readonly type?: Partial<Offer['instanceType']> };

/** `h100-x1 on east` at $2.50, with room for 10. */
export function anOffer({ type, ...overrides }: OfferOverrides = {}): Offer {
  return {
    clusterId: 'cl_east',
    clusterName: 'east',
    region: 'us-east',
    namespace: 'ccluster-jobs',
    organizationId: null,
    draining: false,
    autoscaling: false,
    reachable: true,
    room: 10,
    roomWhenEmpty: 16,
    backlog: 0,
    ...overrides,
    instanceType: {
      id: 'it_h100',
      name: 'h100-x1',
      gpuType: 'H100',
      gpuCount: 1,
      cpuMillicores: 14_400,
      memoryMib: 120_832,
      pricePerHourCents: 250,
      ...type,
    },
  };
}

export const west = { clusterId: 'cl_west', clusterName: 'west', region: 'us-west' };
export const cheap = { type: { id: 'it_l4', name: 'l4-x1', gpuType: 'L4', pricePerHourCents: 70 } };

const four = { type: { id: 'it_h100x4', name: 'h100-x4', gpuCount: 4 } };

/** One pool of H100 in the east that offers single GPUs and four at once, and another one in the west. */
export function pools(eastFree: number, westFree: number): Offer[] {
  return [
    anOffer({ room: eastFree }),
    anOffer({ ...four, room: Math.floor(eastFree / 4) }),
    anOffer({ ...west, room: westFree }),
    anOffer({ ...west, ...four, room: Math.floor(westFree / 4) }),
  ];
}

export function aSnapshot(
  offers: readonly Offer[],
  line: readonly PlacementRequest[] = [],
  allowances: PlacementSnapshot['allowances'] = new Map(),
): PlacementSnapshot {
  return { offers, line, allowances };
}

export function aRequest(parallelism = 1, requested: Partial<RequestedPlacement> = {}): PlacementRequest {
  return { organizationId: 'org_1', parallelism, requested: { ...anywhere, ...requested } };
}
