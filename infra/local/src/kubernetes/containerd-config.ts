import { join } from 'node:path';

import type { ClusterPlan } from './cluster-plan.js';

/** The image of the container that holds a pod's namespaces; imported at each start, never pulled. */
export const PAUSE_IMAGE = 'ccluster.local/pause:1';

/**
 * containerd's configuration (TOML).
 * @param nodeParts root of the unpacked Debian packages
 */
export function containerdConfig(plan: ClusterPlan, nodeParts: string): string {
  const dir = join(plan.dir, 'containerd');
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const quoted = (path: string) => JSON.stringify(path);
  return `version = 2
root = ${quoted(join(dir, 'root'))}
state = ${quoted(join(dir, 'state'))}
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]

[grpc]
address = ${quoted(containerdSocket(plan))}

[plugins."io.containerd.internal.v1.opt"]
path = ${quoted(join(dir, 'opt'))}

[${cri}]
sandbox_image = "${PAUSE_IMAGE}"
# Some machines forbid lowering the OOM score, and runc dies of it.
restrict_oom_score_adj = true
# Network namespaces lie under the state directory, not in /var/run/netns.
netns_mounts_under_state_dir = true
max_concurrent_downloads = 10

[${cri}.cni]
bin_dir = ${quoted(join(nodeParts, 'usr/lib/cni'))}
conf_dir = ${quoted(join(plan.dir, 'cni'))}

[${cri}.registry]
config_path = ${quoted(join(plan.dir, 'registries'))}

[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[${cri}.containerd.runtimes.runc.options]
BinaryName = ${quoted(join(nodeParts, 'usr/sbin/runc'))}
SystemdCgroup = false
`;
}

/**
 * Where containerd keeps a folder for each container of Kubernetes' that it has started and not yet removed.
 * @param clusterDir the cluster's own directory
 */
export function containerIdsDir(clusterDir: string): string {
  return join(clusterDir, 'containerd', 'state', 'io.containerd.runtime.v2.task', 'k8s.io');
}

export function containerdSocket(plan: ClusterPlan): string {
  return join(plan.dir, 'containerd.sock');
}

/** `hosts.toml` of a registry without TLS. */
export function plainHttpHosts(address: string): string {
  return `server = "http://${address}"

[host."http://${address}"]
capabilities = ["pull", "resolve"]
`;
}

/** CNI: a bridge of our own, addresses from a file, no masquerade (pods need no way out). */
export function cniConfig(plan: ClusterPlan): object {
  return {
    cniVersion: '1.0.0',
    name: plan.bridge,
    plugins: [
      {
        type: 'bridge',
        bridge: plan.bridge,
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: join(plan.dir, 'addresses'),
          ranges: [[{ subnet: plan.podSubnet }]],
        },
      },
      { type: 'loopback' },
    ],
  };
}
