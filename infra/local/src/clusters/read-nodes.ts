import { CoreV1Api, type V1Node } from '@kubernetes/client-node';

import { loadAdminKubeconfig } from './admin-kubeconfig.js';
import { GPU_PRODUCT_LABEL, type NodeCapacity } from './propose-instance-types.js';
import { REAL_NODES } from './real-nodes.js';

/** What each node of a cluster offers to pods; simulated ones left out. */
export async function readNodes(kubeconfigPath: string, signal: AbortSignal): Promise<NodeCapacity[]> {
  const { items } = await loadAdminKubeconfig(kubeconfigPath, signal)
    .makeApiClient(CoreV1Api)
    .listNode({ labelSelector: REAL_NODES });
  return items.map(nodeCapacity);
}

function nodeCapacity({ metadata, status }: V1Node): NodeCapacity {
  const allocatable = status?.allocatable ?? {};
  return {
    gpuProduct: metadata?.labels?.[GPU_PRODUCT_LABEL],
    gpuCount: Number(allocatable['nvidia.com/gpu'] ?? 0),
    cpuMillicores: cpuMillicores(allocatable['cpu'] ?? '0'),
    memoryMiB: memoryMiB(allocatable['memory'] ?? '0'),
  };
}

/** A kubelet writes processors as whole ones or with `m`. */
function cpuMillicores(quantity: string): number {
  return quantity.endsWith('m') ? Number.parseInt(quantity, 10) : Number(quantity) * 1000;
}

/** A kubelet writes memory in bytes or with a binary unit. */
function memoryMiB(quantity: string): number {
  const bytesPerUnit = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };
  const unit = quantity.slice(-2);
  const factor = unit === 'Ki' || unit === 'Mi' || unit === 'Gi' ? bytesPerUnit[unit] : 1;
  return Math.floor((Number.parseInt(quantity, 10) * factor) / 1024 ** 2);
}
