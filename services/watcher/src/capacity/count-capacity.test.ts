import type { WatchedInstanceType } from '@ccluster/db';
import { describe, expect, it } from 'vitest';
import { parseKubernetesNode, type KubernetesNode } from '../objects/kubernetes-node.js';
import { aPod } from '../testing/raw-objects.js';
import { countCapacity } from './count-capacity.js';

const gpu = 'nvidia.com/gpu';

function node(
  name: string,
  overrides: { labels?: object; spec?: object; ready?: boolean; allocatable?: object } = {},
): KubernetesNode {
  return parseKubernetesNode({
    metadata: { name, labels: { kind: 'h100', ...overrides.labels } },
    spec: { ...overrides.spec },
    status: {
      allocatable: { cpu: '16', memory: '64Gi', pods: '110', [gpu]: '8', ...overrides.allocatable },
      conditions: [{ type: 'Ready', status: overrides.ready === false ? 'False' : 'True' }],
    },
  });
}

function type(overrides: Partial<WatchedInstanceType> = {}): WatchedInstanceType {
  return {
    id: 'it_1',
    gpuType: 'H100',
    gpuCount: 2,
    acceleratorResource: gpu,
    cpuMillicores: 2_000,
    memoryMib: 8_192,
    nodeSelector: { kind: 'h100' },
    tolerations: [],
    ...overrides,
  };
}

function pod(nodeName: string | undefined, requests: object, status: object = { phase: 'Running' }) {
  return aPod({ spec: { nodeName, containers: [{ resources: { requests } }] }, status });
}

function roomOf(
  nodes: readonly KubernetesNode[],
  pods: Parameters<typeof countCapacity>[1],
  overrides?: Partial<WatchedInstanceType>,
) {
  return countCapacity(nodes, pods, [type(overrides)]).rooms.get('it_1');
}

describe('a cluster that says anything', () => {
  it('has no room and no GPUs that could not be stored', () => {
    const huge = { cpu: '9'.repeat(30), memory: '9e30', pods: '9e30', [gpu]: '9e30' };
    const { rooms, gpus } = countCapacity(
      [node('a', { allocatable: huge }), node('b', { allocatable: huge })],
      [],
      [type()],
    );
    expect(rooms.get('it_1')).toEqual({ now: 2_147_483_647, whenEmpty: 2_147_483_647 });
    expect(gpus).toEqual([{ gpuType: 'H100', total: 2_147_483_647, free: 2_147_483_647 }]);
    const negative = { cpu: '-1', memory: '-1', pods: '-1', [gpu]: '-1' };
    const less = countCapacity([node('a', { allocatable: negative })], [], [type()]);
    expect([less.rooms.get('it_1'), less.gpus[0]]).toEqual([
      { now: 0, whenEmpty: 0 },
      { gpuType: 'H100', total: 0, free: 0 },
    ]);
  });
});

describe('room for replicas', () => {
  it.each<[string, KubernetesNode[], ReturnType<typeof pod>[], Partial<WatchedInstanceType>, number]>([
    ['is what the GPUs of a free node allow', [node('a')], [], {}, 4],
    ['is summed over nodes', [node('a'), node('b')], [], {}, 8],
    ['is less where pods hold GPUs', [node('a')], [pod('a', { [gpu]: '3' })], {}, 2],
    [
      'is not split over nodes',
      [node('a', { allocatable: { [gpu]: '1' } }), node('b', { allocatable: { [gpu]: '1' } })],
      [],
      {},
      0,
    ],
    ['is bounded by CPU', [node('a')], [pod('a', { cpu: '13' })], {}, 1],
    ['is bounded by memory', [node('a')], [pod('a', { memory: '60Gi' })], {}, 0],
    ['is bounded by the places for pods', [node('a', { allocatable: { pods: '3' } })], [pod('a', {})], {}, 2],
    ['does not count pods that have ended', [node('a')], [pod('a', { [gpu]: '8' }, { phase: 'Succeeded' })], {}, 4],
    ['does not count pods without a node', [node('a')], [pod(undefined, { [gpu]: '8' }, { phase: 'Pending' })], {}, 4],
    ['leaves out nodes of another kind', [node('a', { labels: { kind: 'a100' } })], [], {}, 0],
    ['leaves out nodes that are not ready', [node('a', { ready: false })], [], {}, 0],
    ['leaves out cordoned nodes', [node('a', { spec: { unschedulable: true } })], [], {}, 0],
    [
      'leaves out taints that are not tolerated',
      [node('a', { spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } })],
      [],
      {},
      0,
    ],
    [
      'counts taints that are',
      [node('a', { spec: { taints: [{ key: 'x', value: 'y', effect: 'NoSchedule' }] } })],
      [],
      { tolerations: [{ key: 'x', value: 'y', effect: null }] },
      4,
    ],
    [
      'minds no mere preference',
      [node('a', { spec: { taints: [{ key: 'x', effect: 'PreferNoSchedule' }] } })],
      [],
      {},
      4,
    ],
    [
      'needs no GPUs where the instance type has none',
      [node('a', { allocatable: { [gpu]: '0' } })],
      [],
      { gpuCount: 0, gpuType: null },
      8,
    ],
    ['is none where a node is more than full', [node('a')], [pod('a', { [gpu]: '9', cpu: '99' })], {}, 0],
  ])('%s', (_, nodes, pods, overrides, expected) => {
    expect(roomOf(nodes, pods, overrides)?.now).toBe(expected);
  });

  it('with nothing else there is what the same nodes would take', () => {
    const pods = [pod('a', { [gpu]: '8' })];
    expect(roomOf([node('a'), node('b', { spec: { unschedulable: true } })], pods)).toEqual({ now: 0, whenEmpty: 4 });
    expect(roomOf([node('a', { allocatable: { [gpu]: '1' } })], [])).toEqual({ now: 0, whenEmpty: 0 });
  });

  it('is not known where nodes may not be listed', () => {
    expect(countCapacity(null, [], [type()])).toEqual({ rooms: new Map([['it_1', null]]), gpus: [], pods: new Map() });
  });
});

it('GPUs are counted once for all sizes of a type', () => {
  const types = [type(), type({ id: 'it_2', gpuCount: 8 }), type({ id: 'it_3', gpuType: null, gpuCount: 0 })];
  const { gpus } = countCapacity([node('a'), node('b', { ready: false })], [pod('a', { [gpu]: '3' })], types);
  expect(gpus).toEqual([{ gpuType: 'H100', total: 8, free: 5 }]);
});

it('pods of a job are counted where they hold a node', () => {
  const pods = [
    pod('a', {}),
    pod('a', {}),
    pod(undefined, {}, { phase: 'Pending' }),
    pod('a', {}, { phase: 'Failed' }),
  ];
  expect(countCapacity([node('a')], pods, []).pods).toEqual(new Map([['job_1', 2]]));
});
