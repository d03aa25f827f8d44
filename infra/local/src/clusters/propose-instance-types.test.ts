import { describe, expect, it } from 'vitest';

import { proposeInstanceTypes } from './propose-instance-types.js';

const h100Node = { gpuProduct: 'NVIDIA-H100-80GB-HBM3', gpuCount: 8, cpuMillicores: 2000, memoryMiB: 24_000 };
const cpuNode = { gpuProduct: undefined, gpuCount: 0, cpuMillicores: 4000, memoryMiB: 8_000 };

describe('proposeInstanceTypes', () => {
  it.each([
    { nodes: [], names: [] },
    { nodes: [cpuNode], names: ['cpu-small'] },
    { nodes: [h100Node], names: ['h100-x1', 'h100-x4', 'cpu-small'] },
    { nodes: [h100Node, h100Node, cpuNode], names: ['h100-x1', 'h100-x4', 'cpu-small'] },
    { nodes: [{ ...h100Node, gpuProduct: 'Tesla-T4', gpuCount: 1 }], names: ['t4-x1', 'cpu-small'] },
  ])('proposes $names', ({ nodes, names }) => {
    expect(proposeInstanceTypes(nodes).map(({ name }) => name)).toEqual(names);
  });

  it('gives a GPU its share of the node, its price and the label of its node', () => {
    expect(proposeInstanceTypes([h100Node])[1]).toEqual({
      name: 'h100-x4',
      gpuType: 'H100',
      gpuCount: 4,
      gpuMemoryMiB: 81_920,
      cpuMillicores: 900,
      memoryMiB: 10_800,
      pricePerHourCents: 1_000,
      nodeSelector: [{ key: 'nvidia.com/gpu.product', value: 'NVIDIA-H100-80GB-HBM3' }],
    });
  });

  it('fits 40 replicas without a GPU on the smallest node', () => {
    expect(proposeInstanceTypes([cpuNode, h100Node]).at(-1)).toMatchObject({ cpuMillicores: 45, memoryMiB: 540 });
  });
});
