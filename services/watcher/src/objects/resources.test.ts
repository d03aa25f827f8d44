import { expect, it } from 'vitest';
import { aPod } from '../testing/raw-objects.js';
import { amountsOf } from './resources.js';

it('amounts are millicores, bytes and pieces', () => {
  expect(amountsOf({ cpu: '1500m', memory: '2Gi', 'nvidia.com/gpu': '8', pods: '110' })).toEqual({
    cpu: 1_500,
    memory: 2 * 1024 ** 3,
    'nvidia.com/gpu': 8,
    pods: 110,
  });
  expect(() => amountsOf({ cpu: 'much' })).toThrow('not a Kubernetes quantity');
});

const container = (cpu: string, rest: object = {}) => ({ resources: { requests: { cpu } }, ...rest });

it.each([
  ['all containers together', { containers: [container('1'), container('2')] }, 3_000],
  [
    'the largest init container where that is more',
    { containers: [container('1')], initContainers: [container('4'), container('2')] },
    4_000,
  ],
  [
    'sidecars beside the containers',
    { containers: [container('1')], initContainers: [container('2', { restartPolicy: 'Always' })] },
    3_000,
  ],
  ["the runtime's overhead too", { containers: [container('1')], overhead: { cpu: '250m' } }, 1_250],
  ['nothing where nothing is asked for', { containers: [{}] }, undefined],
])('a pod needs %s', (_, spec, cpu) => {
  expect(aPod({ spec }).requests['cpu']).toBe(cpu);
});
