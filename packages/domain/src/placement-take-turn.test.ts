import { describe, expect, it } from 'vitest';
import { findWorthTurns, MOST_AHEAD, takeTurn } from './placement.js';
import { anOffer, aRequest, aSnapshot, pools } from './testing/an-offer.js';

const big = aRequest(1, { gpuTypes: ['H100'], minGpuCount: 4 });
const small = aRequest(1, { gpuTypes: ['H100'] });

describe('a turn', () => {
  it('lets those of the line go first that can, oldest first, and leaves the others where they are', () => {
    const [first, second] = [aRequest(2, { gpuTypes: ['H100'] }), aRequest(1, { gpuTypes: ['H100'], minGpuCount: 4 })];
    const { ahead, result } = takeTurn(small, aSnapshot(pools(3, 4), [first, big, second, aRequest(1)]));
    expect(ahead.map(({ request, placed }) => [request, placed.clusterName, placed.instanceType.name])).toEqual([
      [first, 'east', 'h100-x1'],
      [big, 'west', 'h100-x4'],
    ]);
    expect(result).toMatchObject({ waiting: { placeInLine: 3 } });
  });

  it('is worth it for the youngest of each kind that can go', () => {
    const [inWest, inEast] = [aRequest(1, { regions: ['us-west'] }), aRequest(1, { regions: ['us-east'] })];
    const [first, second, third] = [{ ...inEast }, { ...inEast }, { ...inEast }];
    expect(findWorthTurns(aSnapshot(pools(2, 1), [first, inWest, second, third]))).toEqual([second, inWest]);
  });

  it('is over when a hundred have gone: whose own it is does not get what those behind may take', () => {
    const hundred = Array.from({ length: MOST_AHEAD }, () => aRequest(1, { gpuTypes: ['H100'] }));
    const roomy = pools(200, 0);
    expect(takeTurn(small, aSnapshot(roomy, hundred))).toMatchObject({ result: { placed: { clusterName: 'east' } } });
    const { ahead, result } = takeTurn(small, aSnapshot(roomy, [...hundred, { ...small, further: 99 }]));
    expect(ahead.map(({ request }) => request)).toEqual(hundred);
    expect(result).toBeUndefined();
  });

  it('tells a job that is to go on from one that asks for the same and waits for room', () => {
    const full = anOffer({ room: 0, draining: true });
    const suspended = { ...aRequest(2), resumesOn: full };
    const { ahead } = takeTurn(aRequest(1), aSnapshot([full], [aRequest(2), suspended]));
    expect(ahead.map(({ request }) => request)).toEqual([suspended]);
  });
});
