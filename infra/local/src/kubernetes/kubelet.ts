import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { LocalContext } from '../support/context.js';
import { startDaemon } from '../support/daemon.js';
import type { NativeClusterCredentials } from './cluster-credentials.js';
import type { ClusterPlan } from './cluster-plan.js';
import { containerdSocket } from './containerd-config.js';

/** Starts the cluster's one kubelet; ready when it serves, a moment before its node is Ready. */
export async function startKubelet(
  context: LocalContext,
  binary: string,
  plan: ClusterPlan,
  credentials: NativeClusterCredentials,
): Promise<void> {
  const configFile = join(plan.dir, 'kubelet.yaml');
  writeFileSync(configFile, stringify(kubeletConfig(plan, credentials)));
  const labels = { 'node.kubernetes.io/instance-type': `${plan.name}-8gpu`, 'nvidia.com/gpu.product': plan.gpus.product };
  await startDaemon(context, {
    name: `${plan.name}-kubelet`,
    command: binary,
    args: [
      'kubelet',
      `--config=${configFile}`,
      `--kubeconfig=${credentials.kubeconfigs.kubelet}`,
      `--root-dir=${join(plan.dir, 'kubelet')}`,
      `--cert-dir=${join(plan.dir, 'certificates')}`,
      `--hostname-override=${plan.nodeName}`,
      `--node-ip=${plan.nodeAddress}`,
      `--node-labels=${Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',')}`,
    ],
    logFile: join(context.localDir, 'logs', `${plan.name}-kubelet.log`),
    isReady: async (signal) => (await fetch(`http://127.0.0.1:${plan.ports.kubeletHealth}/healthz`, { signal })).ok,
    readyTimeoutMs: 60_000,
  });
}

export function kubeletConfig(plan: ClusterPlan, credentials: NativeClusterCredentials): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: plan.nodeAddress,
    healthzBindAddress: '127.0.0.1',
    healthzPort: plan.ports.kubeletHealth,
    tlsCertFile: credentials.kubeletServer.certificate,
    tlsPrivateKeyFile: credentials.kubeletServer.key,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: credentials.caFile } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${containerdSocket(plan)}`,
    // Machines with either version of control groups, and with one kubelet beside another.
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    failSwapOn: false,
    // A full disk of the developer's machine must not evict pods.
    evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    // Many short pods at once: none of the usual brakes.
    maxPods: 250,
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
    kubeAPIQPS: 500,
    kubeAPIBurst: 1000,
    nodeStatusUpdateFrequency: '5s',
    podLogsDir: join(plan.dir, 'pod-logs'),
  };
}
