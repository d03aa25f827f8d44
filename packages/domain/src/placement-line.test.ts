import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findPlaceable, place, type PlacementRequest, type PlacementSnapshot } from './placement.js';
import { anOffer, aRequest, aSnapshot, cheap, pools, west } from './testing/an-offer.js';

const big = aRequest(1, { gpuTypes: ['H100'], minGpuCount: 4 });
const small = aRequest(1, { gpuTypes: ['H100'] });

const lines: [string, PlacementRequest, PlacementSnapshot, string][] = [
  ['is the first where nobody waits', small, aSnapshot(pools(0, 0)), '1st in line for h100-x1 on east'],
  ['is behind those that wait for the same', small, aSnapshot(pools(0, 0), [small, small]), '3rd in line for'],
  [
    'is behind those, too, that the last of them stands for',
    small,
    aSnapshot(pools(0, 0), [small, { ...small, further: 99 }, big]),
    '103rd in line for',
  ],
  [
    'is not told its place where nobody counts that far',
    small,
    aSnapshot(pools(0, 0), [{ ...small, further: 1_000 }]),
    'Beyond the 1000th in line for h100-x1 on east',
  ],
  [
    'is not behind those that only others can help',
    small,
    aSnapshot(
      [...pools(0, 0), anOffer({ ...cheap, room: 0 }), anOffer({ ...west, ...cheap, room: 0 })],
      [aRequest(1, { gpuTypes: ['L4'] })],
    ),
    '1st in line for',
  ],
  ['leaves to the older what is free for one', small, aSnapshot(pools(1, 0), [small]), '1st in line for'],
  ['takes what the older leaves', small, aSnapshot(pools(2, 0), [small]), 'h100-x1 on east at'],
  [
    'does not take little by little what a big older one waits for',
    small,
    aSnapshot(pools(3, 2), [big]),
    '2nd in line',
  ],
  [
    'takes what an older one that waits cannot use',
    aRequest(1, { regions: ['us-west'], gpuTypes: ['H100'] }),
    aSnapshot(pools(0, 1), [aRequest(1, { regions: ['us-east'], gpuTypes: ['H100'] })]),
    'h100-x1 on west at',
  ],
  [
    'is not held up by one for which the nodes are too small',
    small,
    aSnapshot(
      pools(3, 3).map((offer) => (offer.instanceType.gpuCount === 4 ? { ...offer, roomWhenEmpty: 0 } : offer)),
      [big],
    ),
    'h100-x1 on east at',
  ],
  [
    'waits behind older ones even where the offer is the only one that matches',
    aRequest(1, { instanceTypeId: 'it_h100x4', clusterId: 'cl_east' }),
    aSnapshot(pools(0, 0), [big]),
    '2nd in line for h100-x4 on east',
  ],
  [
    'waits for the offers of its own organization only',
    small,
    aSnapshot([anOffer({ organizationId: 'org_2' })], []),
    'No instance type is registered',
  ],
];

const limits: [string, PlacementRequest, PlacementSnapshot, string][] = [
  ['up to the limit', aRequest(2), limited(8, 6), 'h100-x1 on east at'],
  [
    'beyond it',
    aRequest(3),
    limited(8, 6),
    'ORGANIZATION_LIMIT: 1st in line: h100-x1 on east: Takes 3 GPUs of the 8 that the organization may hold at once, and its other jobs have them',
  ],
  [
    'behind an older one of the organization that waits for it',
    aRequest(1),
    limited(8, 6, [aRequest(3)]),
    'ORGANIZATION_LIMIT: 2nd in line',
  ],
  ['past one that asks for more than the limit is', aRequest(1), limited(8, 6, [aRequest(9)]), 'h100-x1 on east at'],
  [
    'past one of another organization',
    { ...aRequest(1), organizationId: 'org_2' },
    limited(8, 8, [aRequest(1)]),
    'h100-x1 on east at',
  ],
  [
    'never where it asks for more than the limit is',
    aRequest(9),
    limited(8, 0),
    'ORGANIZATION_LIMIT: h100-x1 on east: Takes 9 GPUs, more than the 8 that the organization may hold at once',
  ],
  ['without GPUs', aRequest(9), limited(8, 8, [], { type: { gpuType: null, gpuCount: 0 } }), 'h100-x1 on east at'],
];

const full = { room: 0, draining: true, reachable: false };

/** Of a job that was suspended on h100-x1 in the east. */
function toResume(parallelism: number): PlacementRequest {
  return { ...aRequest(parallelism), resumesOn: anOffer(full) };
}

const resumptions: [string, PlacementRequest, PlacementSnapshot, string][] = [
  ['where it was, whether there is room or not', toResume(2), limited(8, 6, [], full), 'h100-x1 on east at'],
  [
    'past one that waits for room there',
    toResume(2),
    limited(8, 6, [{ ...aRequest(1), organizationId: 'org_2' }], full),
    'h100-x1 on east at',
  ],
  [
    'not beyond the limit',
    toResume(3),
    limited(8, 6),
    'ORGANIZATION_LIMIT: 1st in line: h100-x1 on east: Takes 3 GPUs of the 8',
  ],
  ['not before an older one', toResume(1), limited(8, 6, [toResume(3)]), 'ORGANIZATION_LIMIT: 2nd in line'],
  [
    'not before an older one that is to be placed',
    toResume(1),
    limited(8, 6, [aRequest(3)]),
    'ORGANIZATION_LIMIT: 2nd',
  ],
  ['before a younger one that is to be placed', aRequest(1), limited(8, 6, [toResume(2)]), 'ORGANIZATION_LIMIT: 1st'],
  [
    'never where it takes more than the limit is',
    toResume(9),
    limited(8, 0),
    'ORGANIZATION_LIMIT: h100-x1 on east: Takes 9',
  ],
  [
    'and takes its room before those behind it',
    aRequest(8),
    limited(99, 0, [toResume(3)]),
    'h100-x1 on east.*for 7 of 8',
  ],
];

function limited(
  maxGpus: number,
  heldGpus: number,
  line: PlacementRequest[] = [],
  overrides: Parameters<typeof anOffer>[0] = {},
): PlacementSnapshot {
  return aSnapshot([anOffer(overrides)], line, new Map([['org_1', { maxGpus, heldGpus }]]));
}

describe('a job behind a line', () => {
  test.each(lines)('%s', (_, request, snapshot, said) => {
    expect(saidOf(request, snapshot)).toContain(said);
  });
});

describe('a job of an organization with a limit is placed', () => {
  test.each(limits)('%s', (_, request, snapshot, said) => {
    expect(saidOf(request, snapshot)).toMatch(new RegExp(`^${said}`));
  });
});

describe('a suspended job of an organization with a limit goes on', () => {
  test.each(resumptions)('%s', (_, request, snapshot, said) => {
    expect(saidOf(request, snapshot)).toMatch(new RegExp(`^${said}`));
  });
});

describe('any line', () => {
  const request = fc
    .record({
      parallelism: fc.integer({ min: 1, max: 3 }),
      regions: fc.option(fc.constantFrom(['us-east'], ['us-west'])),
      minGpuCount: fc.option(fc.constantFrom(1, 4)),
    })
    .map(({ parallelism, ...requested }) => aRequest(parallelism, { gpuTypes: ['H100'], ...requested }));
  const free = fc.nat(8);

  it('is placed from its front: nobody goes whose like before it waits', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), free, free, (line, east, westFree) => {
        const gone = new Set(findPlaceable(aSnapshot(pools(east, westFree), line)));
        const overtaking = line.filter(
          (each, i) => gone.has(each) && line.slice(0, i).some((older) => !gone.has(older) && isLike(older, each)),
        );
        expect(overtaking).toEqual([]);
      }),
    );
  });

  it('places each as it would place it alone behind the others', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), free, free, (line, east, westFree) => {
        const offers = pools(east, westFree);
        const gone = new Set(findPlaceable(aSnapshot(offers, line)));
        for (const [i, each] of line.entries())
          expect('placed' in place(each, aSnapshot(offers, line.slice(0, i)))).toBe(gone.has(each));
      }),
    );
  });

  it('lets its oldest go wherever anything is free for it', () => {
    fc.assert(
      fc.property(request, free, free, (oldest, east, westFree) => {
        const offers = pools(east, westFree);
        const hasRoom = offers.some((offer) => (offer.room ?? 0) > 0 && 'placed' in place(oldest, aSnapshot([offer])));
        fc.pre(hasRoom);
        expect(findPlaceable(aSnapshot(offers, [oldest]))).toEqual([oldest]);
      }),
    );
  });
});

function saidOf(request: PlacementRequest, snapshot: PlacementSnapshot): string {
  const result = place(request, snapshot);
  return 'placed' in result ? result.explanation : `${result.waiting.code}: ${result.waiting.message}`;
}

function isLike(left: PlacementRequest, right: PlacementRequest): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
