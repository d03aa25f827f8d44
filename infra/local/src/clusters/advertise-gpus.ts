import { setTimeout as sleep } from 'node:timers/promises';

import { CoreV1Api } from '@kubernetes/client-node';

import { loadAdminKubeconfig } from './admin-kubeconfig.js';
import { REAL_NODES } from './real-nodes.js';

const NODE_TIMEOUT_MS = 60_000;

/** Makes each node say that it has GPUs; the kubelet keeps it and the scheduler counts them. Waits for the first node. */
export async function advertiseGpus(kubeconfigPath: string, count: number, signal: AbortSignal): Promise<void> {
  const api = loadAdminKubeconfig(kubeconfigPath, signal).makeApiClient(CoreV1Api);
  const body = [{ op: 'add', path: '/status/capacity/nvidia.com~1gpu', value: String(count) }];
  for (const name of await waitForNodes(api)) await api.patchNodeStatus({ name, body });
}

async function waitForNodes(api: CoreV1Api): Promise<string[]> {
  const deadlineMs = performance.now() + NODE_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const { items } = await api.listNode({ labelSelector: REAL_NODES });
    if (items.length > 0) return items.flatMap(({ metadata }) => metadata?.name ?? []);
    await sleep(500);
  }
  throw new Error(`no node after ${NODE_TIMEOUT_MS} ms`);
}
