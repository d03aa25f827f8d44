import { setTimeout as sleep } from 'node:timers/promises';

import { CoreV1Api } from '@kubernetes/client-node';

import { loadAdminKubeconfig } from '../clusters/admin-kubeconfig.js';

const TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/** Waits until a node is Ready, untainted and has GPUs to give: pods can run then. */
export async function waitForNode(kubeconfigPath: string, signal: AbortSignal): Promise<void> {
  const api = loadAdminKubeconfig(kubeconfigPath, signal).makeApiClient(CoreV1Api);
  const deadlineMs = performance.now() + TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    const { items } = await api.listNode();
    const usable = items.some(
      ({ spec, status }) =>
        (spec?.taints ?? []).length === 0 &&
        Number(status?.allocatable?.['nvidia.com/gpu'] ?? 0) > 0 &&
        status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    );
    if (usable) return;
    await sleep(POLL_MS, undefined, { signal });
  }
  throw new Error(`no node is Ready with GPUs after ${TIMEOUT_MS} ms`);
}
