import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { place, rankOffers, type Offer } from './placement.js';
import { anOffer, aSnapshot } from './testing/an-offer.js';

const offer = fc
  .record({
    clusterName: fc.constantFrom('a', 'b', 'c'),
    region: fc.constantFrom('us', 'eu'),
    draining: fc.boolean(),
    autoscaling: fc.boolean(),
    reachable: fc.boolean(),
    room: fc.option(fc.nat(3)),
    backlog: fc.nat(2),
    type: fc.record({
      name: fc.constantFrom('one', 'two'),
      gpuType: fc.option(fc.constantFrom('H100', 'L4')),
      gpuCount: fc.nat(2),
      pricePerHourCents: fc.constantFrom(70, 250),
    }),
  })
  .map(anOffer);
const request = fc.record({
  organizationId: fc.constant('org_1'),
  parallelism: fc.integer({ min: 1, max: 4 }),
  requested: fc.record({
    clusterId: fc.constant(null),
    instanceTypeId: fc.option(fc.constantFrom('it_1', 'it_2'), { freq: 2 }),
    regions: fc.option(fc.constant<string[]>(['eu'])),
    gpuTypes: fc.option(fc.constant<string[]>(['H100'])),
    minGpuCount: fc.option(fc.nat(2)),
    maxPricePerHourCents: fc.option(fc.constantFrom(70, 250)),
  }),
});
const snapshots = fc
  .array(offer, { maxLength: 6 })
  .map((offers) => offers.map((offer, i) => ({ ...offer, instanceType: { ...offer.instanceType, id: `it_${i}` } })));

describe('any placement', () => {
  it('is the first of the ranking where that is eligible, and else a wait with a reason for every offer', () => {
    fc.assert(
      fc.property(request, snapshots, (request, offers) => {
        const ranked = rankOffers(request, aSnapshot(offers));
        const result = place(request, aSnapshot(offers));
        expect(ranked.map(({ offer }) => offer).toSorted(byIdentity(offers))).toEqual(offers);
        expect(ranked.filter(({ reasons }) => reasons.length === 0)).toEqual(
          ranked.slice(0, Number(ranked[0]?.eligible)),
        );
        const isPlaced = ranked[0]?.eligible === true;
        expect('placed' in result ? result.placed : result.offers).toEqual(isPlaced ? ranked[0]?.offer : ranked);
        expect(ranked.some(({ eligible }) => eligible)).toBe(isPlaced);
      }),
    );
  });

  it('is nowhere that is drained, away, or not what was asked for', () => {
    fc.assert(
      fc.property(request, snapshots, (request, offers) => {
        const { requested } = request;
        const result = place(request, aSnapshot(offers));
        if (!('placed' in result)) return;
        const { placed } = result;
        expect(placed.draining || !placed.reachable).toBe(false);
        expect(requested.regions?.includes(placed.region) ?? true).toBe(true);
        expect(placed.instanceType.gpuCount).toBeGreaterThanOrEqual(requested.minGpuCount ?? 0);
        expect(placed.instanceType.pricePerHourCents).toBeLessThanOrEqual(requested.maxPricePerHourCents ?? Infinity);
      }),
    );
  });

  it('does not depend on the order of the offers', () => {
    fc.assert(
      fc.property(request, snapshots, (request, offers) => {
        const forwards = rankOffers(request, aSnapshot(offers));
        expect(rankOffers(request, aSnapshot(offers.toReversed())).map(({ reasons }) => reasons)).toEqual(
          forwards.map(({ reasons }) => reasons),
        );
      }),
    );
  });
});

function byIdentity(offers: readonly Offer[]): (left: Offer, right: Offer) => number {
  return (left, right) => offers.indexOf(left) - offers.indexOf(right);
}
