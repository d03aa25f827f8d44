import { describe, expect, it, test } from 'vitest';
import type { RequestedPlacement } from './job-spec.js';
import { rankOffers, type OfferReasonCode } from './placement.js';
import { anOffer, aRequest, aSnapshot, cheap, type OfferOverrides } from './testing/an-offer.js';

describe('rankOffers', () => {
  test.each<[OfferReasonCode | null, Partial<RequestedPlacement>, OfferOverrides, string]>([
    [null, { clusterId: 'cl_east' }, {}, ''],
    ['WRONG_CLUSTER', { clusterId: 'cl_west' }, {}, 'On east, and another cluster is asked for'],
    [null, { instanceTypeId: 'it_h100' }, {}, ''],
    ['WRONG_INSTANCE_TYPE', { instanceTypeId: 'it_l4' }, {}, 'h100-x1, and another instance type is asked for'],
    [null, { regions: ['eu', 'us-east'] }, {}, ''],
    ['WRONG_REGION', { regions: ['eu', 'us-west'] }, {}, 'In us-east, not in any of eu, us-west'],
    [null, { gpuTypes: ['H100'] }, {}, ''],
    ['WRONG_GPU', { gpuTypes: ['L4'] }, {}, 'Has H100, not L4'],
    ['WRONG_GPU', { gpuTypes: ['L4'] }, { type: { gpuType: null, gpuCount: 0 } }, 'Has no GPU, not L4'],
    [null, { minGpuCount: 1 }, {}, ''],
    ['TOO_FEW_GPUS', { minGpuCount: 8 }, {}, 'Has 1 GPU, fewer than 8'],
    [null, { maxPricePerHourCents: 250 }, {}, ''],
    ['TOO_EXPENSIVE', { maxPricePerHourCents: 249 }, {}, 'Costs $2.50 per replica and hour, more than $2.49'],
    ['DRAINING', {}, { draining: true }, 'east is being drained and takes no new jobs'],
    ['UNREACHABLE', {}, { reachable: false }, 'east does not answer at the moment'],
  ])('says %s for %o of %o', (code, requested, overrides, message) => {
    const [ranked] = rankOffers(aRequest(1, requested), aSnapshot([anOffer(overrides)]));
    expect(ranked?.eligible).toBe(code === null);
    expect(ranked?.reasons).toEqual(code === null ? [] : [{ code, message }]);
  });

  it('tells of all that does not match', () => {
    const requested = { regions: ['eu'], gpuTypes: ['L4'], maxPricePerHourCents: 1 };
    const [ranked] = rankOffers(aRequest(1, requested), aSnapshot([anOffer()]));
    expect(ranked?.reasons.map(({ code }) => code)).toEqual(['WRONG_REGION', 'WRONG_GPU', 'TOO_EXPENSIVE']);
  });

  it('ranks what can be taken, then what waiting may help, then what does not match; and says why', () => {
    const offers = [
      anOffer({ clusterName: 'f', region: 'eu', type: { gpuCount: 0, gpuType: null } }),
      anOffer({ clusterName: 'e', region: 'eu' }),
      anOffer({ clusterName: 'd', draining: true, ...cheap }),
      anOffer({ clusterName: 'c', room: 2, ...cheap }),
      anOffer({ clusterName: 'b', type: { pricePerHourCents: 300 } }),
      anOffer({ clusterName: 'a2', backlog: 4 }),
      anOffer({ clusterName: 'a1' }),
      anOffer({ clusterName: 'a' }),
    ];
    const requested = { regions: ['us-east'], minGpuCount: 1 };
    const ranked = rankOffers(aRequest(10, requested), aSnapshot(offers));
    expect(ranked.map(({ offer, reasons }) => [offer.clusterName, ...reasons.map(({ message }) => message)])).toEqual([
      ['a'],
      ['a1', 'Equal in all, but its name comes after that of h100-x1 on a'],
      ['a2', '4 replicas wait there, more than on h100-x1 on a'],
      ['b', 'Costs $3.00 per replica and hour, more than h100-x1 on a'],
      ['c', 'Has room for 2 of 10 replicas now, less than h100-x1 on a'],
      ['d', 'd is being drained and takes no new jobs'],
      ['e', 'In eu, not in us-east'],
      ['f', 'In eu, not in us-east', 'Has 0 GPUs, fewer than 1'],
    ]);
  });
});
