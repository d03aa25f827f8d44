import type { CountedCapacity, GpuCapacity, Room, WatchedInstanceType } from '@ccluster/db';
import type { KubernetesNode, Taint } from '../objects/kubernetes-node.js';
import type { KubernetesPod } from '../objects/kubernetes-pod.js';
import { sum, type Amounts } from '../objects/resources.js';

const BYTES_PER_MIB = 1024 * 1024;
/** What a column and GraphQL's Int hold; more is said by no honest cluster. */
const MAX_COUNT = 2_147_483_647;

/**
 * How many more replicas of each instance type the nodes would take, and how many pods of each job they hold already.
 * @param nodes null: they may not be listed, so no room is known
 */
export function countCapacity(
  nodes: Iterable<KubernetesNode> | null,
  pods: Iterable<KubernetesPod>,
  instanceTypes: readonly WatchedInstanceType[],
): CountedCapacity {
  const uses = new Map<string, Amounts>();
  const podsByJob = new Map<string, number>();
  for (const pod of pods) {
    if (pod.nodeName === null || pod.hasEnded) continue;
    uses.set(pod.nodeName, sum(uses.get(pod.nodeName) ?? {}, { ...pod.requests, pods: 1 }));
    const jobId = pod.attempt?.jobId;
    if (jobId !== undefined) podsByJob.set(jobId, (podsByJob.get(jobId) ?? 0) + 1);
  }
  const free =
    nodes === null ? null : [...nodes].filter((node) => node.isSchedulable).map((node) => freeNode(node, uses));
  return {
    rooms: new Map(instanceTypes.map((type) => [type.id, free === null ? null : roomFor(type, free)])),
    gpus: free === null ? [] : countGpus(instanceTypes, free),
    pods: podsByJob,
  };
}

interface FreeNode {
  readonly node: KubernetesNode;
  readonly free: Amounts;
}

function freeNode(node: KubernetesNode, uses: ReadonlyMap<string, Amounts>): FreeNode {
  const used = uses.get(node.name) ?? {};
  const free = Object.entries(node.allocatable).map(([resource, amount]) => [
    resource,
    Math.max(0, amount - (used[resource] ?? 0)),
  ]);
  return { node, free: Object.fromEntries(free) };
}

function roomFor(type: WatchedInstanceType, nodes: readonly FreeNode[]): Room {
  const needs = Object.entries(needsOf(type)).filter(([, amount]) => amount > 0);
  const replicasIn = (amounts: Amounts): number =>
    Math.min(...needs.map(([resource, amount]) => Math.floor((amounts[resource] ?? 0) / amount)));
  const fitting = nodes.filter(({ node }) => takes(node, type));
  return {
    now: counted(fitting.map(({ free }) => replicasIn(free))),
    whenEmpty: counted(fitting.map(({ node }) => replicasIn(node.allocatable))),
  };
}

function needsOf(type: WatchedInstanceType): Amounts {
  return {
    [type.acceleratorResource]: type.gpuCount,
    cpu: type.cpuMillicores,
    memory: type.memoryMib * BYTES_PER_MIB,
    pods: 1,
  };
}

/** GPUs of the nodes that some instance type of their kind can use. */
function countGpus(instanceTypes: readonly WatchedInstanceType[], nodes: readonly FreeNode[]): GpuCapacity[] {
  const types = instanceTypes.filter((type) => type.gpuType !== null && type.gpuCount > 0);
  const names = [...new Set(types.map((type) => type.gpuType ?? ''))].toSorted();
  return names.map((gpuType) => {
    const ofKind = types.filter((type) => type.gpuType === gpuType);
    const used = nodes.flatMap((each) => {
      const resource = ofKind.find((type) => takes(each.node, type))?.acceleratorResource;
      return resource === undefined
        ? []
        : [{ total: each.node.allocatable[resource] ?? 0, free: each.free[resource] ?? 0 }];
    });
    return { gpuType, total: counted(used.map((each) => each.total)), free: counted(used.map((each) => each.free)) };
  });
}

/** A cluster may say anything: what comes of it is a whole number that can be stored. */
function counted(amounts: readonly number[]): number {
  const total = amounts.reduce((all, amount) => all + Math.max(amount, 0), 0);
  return Math.min(Math.floor(total), MAX_COUNT);
}

/** The node has the labels that the instance type selects, and no taint that it does not tolerate. */
function takes(node: KubernetesNode, type: WatchedInstanceType): boolean {
  return (
    Object.entries(type.nodeSelector).every(([key, value]) => node.labels[key] === value) &&
    node.taints.every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, type))
  );
}

function isTolerated(taint: Taint, { tolerations }: WatchedInstanceType): boolean {
  return tolerations.some(
    ({ key, value, effect }) =>
      key === taint.key && (value === null || value === taint.value) && (effect === null || effect === taint.effect),
  );
}
