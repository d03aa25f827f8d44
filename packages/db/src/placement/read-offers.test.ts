import { describe, expect, it } from 'vitest';
import { reservedReplicas, type Reservation } from './read-offers.js';

describe('reservedReplicas', () => {
  const on = (gpuType: string | null, gpuCount: number, replicas: number): Reservation => ({
    clusterId: 'here',
    gpuType,
    gpuCount,
    replicas,
  });
  const elsewhere = { ...on('A100', 1, 100), clusterId: 'elsewhere' };

  it.each([
    ['nothing', 'A100', 1, [], 0],
    ['its own size', 'A100', 2, [on('A100', 2, 3)], 3],
    ['a smaller size on the same GPUs, rounded up', 'A100', 8, [on('A100', 1, 9)], 2],
    ['a larger size on the same GPUs', 'A100', 1, [on('A100', 8, 2)], 16],
    ['several sizes together', 'A100', 4, [on('A100', 1, 2), on('A100', 2, 1)], 1],
    ['other GPUs', 'A100', 1, [on('H100', 1, 5)], 0],
    ['another cluster', 'A100', 1, [elsewhere], 0],
    ['replicas without GPUs', null, 0, [on(null, 0, 2), on(null, 0, 3)], 5],
  ] as const)('counts %s', (_, gpuType, gpuCount, reservations, replicas) => {
    expect(reservedReplicas({ clusterId: 'here', gpuType, gpuCount }, reservations)).toBe(replicas);
  });
});
