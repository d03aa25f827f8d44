import { ApiException, CoordinationV1Api, CoreV1Api, type KubeConfig, type V1Node } from '@kubernetes/client-node';

import { SIMULATED } from '../clusters/real-nodes.js';
import { BEHAVIOURS } from './behaviours.js';

export const SIMULATED_NODES = 20;

const RESOURCES = { cpu: '1000', memory: '4Ti', pods: '1000', 'nvidia.com/gpu': '64' };

/** Makes the nodes that are missing: only pods come to them that tolerate their taint. */
export async function createSimulatedNodes(kubeconfig: KubeConfig, clusterName: string): Promise<void> {
  const core = kubeconfig.makeApiClient(CoreV1Api);
  for (const name of nodeNames(clusterName)) await unless(409, core.createNode({ body: simulatedNode(name) }));
}

/** A simulator takes no node over before the lease of the former one has run out, which would take it 40 s. */
export async function freeSimulatedNodes(kubeconfig: KubeConfig, clusterName: string): Promise<void> {
  const leases = kubeconfig.makeApiClient(CoordinationV1Api);
  for (const name of nodeNames(clusterName)) {
    await unless(404, leases.deleteNamespacedLease({ name, namespace: 'kube-node-lease' }));
  }
}

function nodeNames(clusterName: string): string[] {
  return Array.from({ length: SIMULATED_NODES }, (_, index) => `${clusterName}-simulated-${index}`);
}

export function simulatedNode(name: string): V1Node {
  const labels = BEHAVIOURS.map(({ label }) => [label, 'true'] as const);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...Object.fromEntries(labels) } },
    spec: { taints: [{ key: SIMULATED, value: 'true', effect: 'NoSchedule' }] },
    status: { capacity: RESOURCES, allocatable: RESOURCES },
  };
}

async function unless(code: number, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiException && error.code === code)) throw error;
  }
}
