import { describe, expect, it, test } from 'vitest';
import { issuesOf } from './testing/issues-of.js';
import { anywhere } from '../testing/builders.js';
import { parseRequestedPlacement } from './parse-requested-placement.js';

describe('parseRequestedPlacement', () => {
  test.each([null, undefined, {}, anywhere, { regions: [], gpuTypes: [] }])('takes %j for any placement', (input) => {
    expect(parseRequestedPlacement(input)).toEqual(anywhere);
  });

  it('keeps the order of choices and names each once', () => {
    const input = {
      clusterId: 'cl_1',
      instanceTypeId: 'it_1',
      regions: ['b', 'a', 'b'],
      gpuTypes: ['H100'],
      minGpuCount: 0,
      maxPricePerHourCents: 0,
    };
    expect(parseRequestedPlacement(input)).toEqual({ ...input, regions: ['b', 'a'] });
  });

  test.each<[object, string[]]>([
    [{ clusterId: '' }, ['clusterId INVALID']],
    [{ instanceTypeId: 'x'.repeat(101) }, ['instanceTypeId INVALID']],
    [{ regions: ['a', ''] }, ['regions.1 INVALID']],
    [{ gpuTypes: ['\0'] }, ['gpuTypes.0 INVALID']],
    [{ regions: Array.from({ length: 101 }, () => 'a') }, ['regions INVALID']],
    [{ minGpuCount: -1, maxPricePerHourCents: -1 }, ['minGpuCount INVALID', 'maxPricePerHourCents INVALID']],
  ])('refuses %j', (input, expected) => {
    expect(issuesOf(() => parseRequestedPlacement(input))).toEqual(expected);
  });
});
