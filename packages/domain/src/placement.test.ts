import { describe, expect, it, test } from 'vitest';
import type { RequestedPlacement } from './job-spec.js';
import { place, type Offer } from './placement.js';
import { anOffer, aRequest, aSnapshot, cheap, west } from './testing/an-offer.js';

const decisions: [string, Offer[], number, string][] = [
  [
    'takes the only offer',
    [anOffer()],
    10,
    'h100-x1 on east at $2.50 per replica and hour: the only one with room for all 10 replicas',
  ],
  [
    'takes the cheapest with room for all',
    [anOffer(), anOffer({ ...west, ...cheap }), anOffer({ ...cheap, room: 9 })],
    10,
    'l4-x1 on west at $0.70 per replica and hour: the best of 2 by price and backlog with room for all 10 replicas',
  ],
  [
    'takes room for all before a better price',
    [anOffer(), anOffer({ ...cheap, room: 9 })],
    10,
    'h100-x1 on east at $2.50 per replica and hour: the only one with room for all 10 replicas',
  ],
  [
    'takes room for some where none has room for all',
    [anOffer({ room: 3 }), anOffer({ ...west, room: 5 })],
    10,
    'h100-x1 on east at $2.50 per replica and hour: room for 3 of 10 replicas now, and no other has room for all',
  ],
  [
    'takes the shorter backlog at the same price',
    [anOffer({ backlog: 2 }), anOffer({ ...west, backlog: 1 })],
    1,
    'h100-x1 on west at $2.50 per replica and hour: the best of 2 by price and backlog with room for a replica',
  ],
  [
    'takes an autoscaling cluster where there is no room',
    [anOffer({ room: 0 }), anOffer({ ...west, room: 0, autoscaling: true })],
    1,
    'h100-x1 on west at $2.50 per replica and hour: no room now, and the cluster adds nodes for what waits',
  ],
  [
    'takes room now before an autoscaling cluster',
    [anOffer({ room: 1 }), anOffer({ ...west, ...cheap, room: 0, autoscaling: true })],
    10,
    'h100-x1 on east at $2.50 per replica and hour: room for 1 of 10 replicas now, and no other has room for all',
  ],
  [
    'takes the sole offer that matches, though it has no room',
    [anOffer({ room: 0 })],
    1,
    'h100-x1 on east at $2.50 per replica and hour: the only instance type that matches; no room now, so its replicas wait there',
  ],
  [
    'waits where several have no room',
    [anOffer({ room: 0 }), anOffer({ ...west, ...cheap, room: null })],
    1,
    'WAITING_FOR_CAPACITY: 1st in line for l4-x1 on west, h100-x1 on east; how much room west has is not known yet',
  ],
  [
    'waits for a cluster that does not answer',
    [anOffer({ reachable: false }), anOffer({ ...west, draining: true })],
    1,
    'CLUSTER_UNREACHABLE: h100-x1 on east: east does not answer at the moment',
  ],
  [
    'waits where all is being drained',
    [anOffer({ draining: true })],
    1,
    'CLUSTER_DRAINING: h100-x1 on east: east is being drained and takes no new jobs',
  ],
  ['waits where nothing is registered', [], 1, 'NO_MATCHING_OFFER: No instance type is registered'],
];

describe('place', () => {
  test.each(decisions)('%s', (_, offers, parallelism, said) => {
    expect(placed(offers, parallelism)).toBe(said);
  });

  it('does not take the sole offer that matches while its cluster is drained or away', () => {
    expect(placed([anOffer({ room: 0, draining: true })])).toMatch(/^CLUSTER_DRAINING/);
    expect(placed([anOffer({ room: 0, reachable: false })])).toMatch(/^CLUSTER_UNREACHABLE/);
  });

  it('takes the sole offer that matches without room, though others with room do not match', () => {
    expect(placed([anOffer({ room: 0 }), anOffer(cheap)], 1, { gpuTypes: ['H100'] })).toMatch(/^h100-x1 on east/);
  });

  it('names three offers of many, and counts the rest', () => {
    const offers = ['a', 'b', 'c', 'd', 'e'].map((name) => anOffer({ room: 0, clusterName: name, clusterId: name }));
    expect(placed(offers)).toMatch(/line for h100-x1 on a, h100-x1 on b, h100-x1 on c, and 2 more$/);
  });
});

function placed(offers: Offer[], parallelism = 1, requested: Partial<RequestedPlacement> = {}): string {
  const result = place(aRequest(parallelism, requested), aSnapshot(offers));
  return 'placed' in result ? result.explanation : `${result.waiting.code}: ${result.waiting.message}`;
}
