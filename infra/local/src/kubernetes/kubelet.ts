import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { startComponent, type Component } from '../support/component.js';
import type { LocalContext } from '../support/context.js';
import type { Daemon } from '../support/daemon.js';
import type { NativeClusterCredentials } from './cluster-credentials.js';
import type { ClusterPlan } from './cluster-plan.js';
import { containerdSocket } from './containerd-config.js';
import { inMountNamespaceOf } from './mount-namespace.js';

/**
 * Starts the cluster's one kubelet; ready when it serves, a moment before its node is Ready.
 * @param containerd the cluster's own, whose mounts it shares
 */
export async function startKubelet(
  context: LocalContext,
  binary: string,
  plan: ClusterPlan,
  credentials: NativeClusterCredentials,
  containerd: Daemon,
): Promise<Component> {
  const configFile = join(plan.dir, 'kubelet.yaml');
  writeFileSync(configFile, stringify(kubeletConfig(plan, credentials)));
  const args = ['kubelet', `--config=${configFile}`, ...kubeletArguments(plan, credentials)];
  return startComponent(context, {
    name: `${plan.name}-kubelet`,
    ...inMountNamespaceOf(containerd.pid, { command: binary, args }),
    logFile: join(context.localDir, 'logs', `${plan.name}-kubelet.log`),
    isReady: async (signal) => (await fetch(`http://127.0.0.1:${plan.ports.kubeletHealth}/healthz`, { signal })).ok,
    readyTimeoutMs: 60_000,
  });
}

/** What a kubelet takes from its command line only. */
function kubeletArguments(plan: ClusterPlan, credentials: NativeClusterCredentials): string[] {
  return [
    `--kubeconfig=${credentials.kubeconfigs.kubelet}`,
    `--root-dir=${join(plan.dir, 'kubelet')}`,
    `--cert-dir=${join(plan.dir, 'certificates')}`,
    `--hostname-override=${plan.nodeName}`,
    `--node-ip=${plan.nodeAddress}`,
    `--node-labels=node.kubernetes.io/instance-type=${plan.name}-8gpu,nvidia.com/gpu.product=${plan.gpus.product}`,
  ];
}

/** A `KubeletConfiguration`; every path in it lies in the cluster's own directory. */
export function kubeletConfig(
  plan: ClusterPlan,
  credentials: Pick<NativeClusterCredentials, 'kubeletServer' | 'caFile'>,
): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: plan.nodeAddress,
    healthzBindAddress: '127.0.0.1',
    healthzPort: plan.ports.kubeletHealth,
    tlsCertFile: credentials.kubeletServer.certificate,
    tlsPrivateKeyFile: credentials.kubeletServer.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: credentials.caFile },
    },
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
    // Looks often, so that a start is quick, and tells the API server of changes only.
    nodeStatusUpdateFrequency: '1s',
    nodeStatusReportFrequency: '1m',
    podLogsDir: join(plan.dir, 'pod-logs'),
    volumePluginDir: join(plan.dir, 'volume-plugins'),
    // Nobody answers there: pods reach nothing outside. Without an address each of them would be a warning event.
    clusterDNS: [plan.nodeAddress],
    // The machine's firewall is not ours.
    makeIPTablesUtilChains: false,
  };
}
