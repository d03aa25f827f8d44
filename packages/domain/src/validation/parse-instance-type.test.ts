import { describe, expect, it, test } from 'vitest';
import { issuesOf } from './testing/issues-of.js';
import { parseInstanceType, parseInstanceTypeChange } from './parse-instance-type.js';

const minimal = {
  clusterId: 'cl_1',
  name: 'h100-x8',
  gpuType: 'H100',
  gpuCount: 8,
  cpuMillicores: 500,
  memoryMiB: 1025,
  pricePerHourCents: 0,
};

describe('parseInstanceType', () => {
  it('fills in the defaults, with half of the memory for /dev/shm', () => {
    expect(parseInstanceType(minimal)).toEqual({
      clusterId: 'cl_1',
      name: 'h100-x8',
      gpuType: 'H100',
      gpuCount: 8,
      gpuMemoryMib: null,
      acceleratorResource: 'nvidia.com/gpu',
      cpuMillicores: 500,
      memoryMib: 1025,
      sharedMemoryMib: 513,
      pricePerHourCents: 0,
      nodeSelector: {},
      tolerations: [],
    });
  });

  it('keeps how its nodes are chosen', () => {
    const parsed = parseInstanceType({
      ...minimal,
      sharedMemoryMiB: 1025,
      nodeSelector: [
        { key: 'nvidia.com/gpu.product', value: 'NVIDIA-H100-80GB-HBM3' },
        { key: 'pool', value: '' },
      ],
      tolerations: [{ key: 'nvidia.com/gpu' }, { key: 'team', value: 'a', effect: 'NoSchedule' }],
    });
    expect(parsed.sharedMemoryMib).toBe(1025);
    expect(parsed.nodeSelector).toEqual({ 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3', pool: '' });
    expect(parsed.tolerations).toEqual([
      { key: 'nvidia.com/gpu', value: null, effect: null },
      { key: 'team', value: 'a', effect: 'NoSchedule' },
    ]);
  });

  test.each<[object, string[]]>([
    [{ gpuType: null, gpuCount: 0 }, []],
    [{ gpuType: null }, ['gpuType']],
    [{ gpuCount: 0 }, ['gpuType']],
    [{ gpuCount: -1 }, ['gpuCount']],
    [{ gpuMemoryMiB: 0 }, ['gpuMemoryMiB']],
    [{ name: 'H100' }, ['name']],
    [{ clusterId: '' }, ['clusterId']],
    [{ cpuMillicores: 0, memoryMiB: 0, pricePerHourCents: -1 }, ['cpuMillicores', 'memoryMiB', 'pricePerHourCents']],
    [{ sharedMemoryMiB: 1026 }, ['sharedMemoryMiB']],
    [{ acceleratorResource: 'amd.com/gpu' }, []],
    [{ acceleratorResource: 'gpu' }, ['acceleratorResource']],
    [{ acceleratorResource: 'a b/gpu' }, ['acceleratorResource']],
    [{ acceleratorResource: `${'a'.repeat(60)}.${'b.'.repeat(91)}c/gpu` }, []],
    [{ acceleratorResource: `${'a'.repeat(61)}.${'b.'.repeat(91)}c/gpu` }, ['acceleratorResource']],
    [{ acceleratorResource: 'requests.nvidia.com/gpu' }, ['acceleratorResource']],
    [{ acceleratorResource: 'node.kubernetes.io/gpu' }, ['acceleratorResource']],
    [{ nodeSelector: [{ key: 'a b', value: 'x y' }] }, ['nodeSelector.0.key', 'nodeSelector.0.value']],
    [{ nodeSelector: [{ key: 'a', value: 'x'.repeat(64) }] }, ['nodeSelector.0.value']],
    [{ nodeSelector: ['a', 'a'].map((key) => ({ key, value: '' })) }, ['nodeSelector.1.key']],
    [{ tolerations: [{ key: '', value: '-' }] }, ['tolerations.0.key', 'tolerations.0.value']],
    [{ tolerations: [{ key: 'a', effect: 'Never' }] }, ['tolerations.0.effect']],
  ])('%j has wrong: %j', (fields, wrong) => {
    const expected = wrong.map((field) => `${field} INVALID`);
    expect(issuesOf(() => parseInstanceType({ ...minimal, ...fields }))).toEqual(expected);
  });
});

describe('parseInstanceTypeChange', () => {
  test.each<[object, object]>([
    [{}, {}],
    [{ pricePerHourCents: null, nodeSelector: null, tolerations: null }, {}],
    [{ pricePerHourCents: 0 }, { pricePerHourCents: 0 }],
    [
      { nodeSelector: [], tolerations: [] },
      { nodeSelector: {}, tolerations: [] },
    ],
    [
      { nodeSelector: [{ key: 'pool', value: 'a' }], tolerations: [{ key: 'team' }] },
      { nodeSelector: { pool: 'a' }, tolerations: [{ key: 'team', value: null, effect: null }] },
    ],
  ])('changes only what is given: %j', (input, change) => {
    expect(parseInstanceTypeChange(input)).toEqual(change);
  });

  test.each<[object, string[]]>([
    [{ pricePerHourCents: -1 }, ['pricePerHourCents']],
    [{ nodeSelector: [{ key: 'a b', value: 'x y' }] }, ['nodeSelector.0.key', 'nodeSelector.0.value']],
    [{ nodeSelector: ['a', 'a'].map((key) => ({ key, value: '' })) }, ['nodeSelector.1.key']],
    [{ tolerations: [{ key: 'a', effect: 'Never' }] }, ['tolerations.0.effect']],
  ])('of %j is wrong: %j', (input, wrong) => {
    expect(issuesOf(() => parseInstanceTypeChange(input))).toEqual(wrong.map((field) => `${field} INVALID`));
  });
});
