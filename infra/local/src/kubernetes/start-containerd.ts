import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { startDaemon, type Daemon } from '../support/daemon.js';
import { debianLibraryPath } from '../support/debian-packages.js';
import { runCommand } from '../support/run-command.js';
import type { ClusterPlan } from './cluster-plan.js';
import { cniConfig, containerdConfig, containerdSocket, plainHttpHosts } from './containerd-config.js';
import { endContainers } from './end-containers.js';
import { inNewMountNamespace } from './mount-namespace.js';

/** The kernel's limit for the path of a socket. */
const MAX_SOCKET_PATH = 107;
const CTR_TIMEOUT_MS = 60_000;

/**
 * Starts the cluster's own containerd, with mounts of its own: two kubelets on one would delete each other's pods.
 * @param nodeParts root of the unpacked Debian packages
 * @param pauseArchive a docker-archive that holds PAUSE_IMAGE
 */
export async function startContainerd(
  context: LocalContext,
  plan: ClusterPlan,
  nodeParts: string,
  registries: readonly { address: string }[],
  pauseArchive: string,
): Promise<Daemon> {
  const socket = containerdSocket(plan);
  if (socket.length > MAX_SOCKET_PATH) {
    throw new Error(`${socket} is longer than the ${MAX_SOCKET_PATH} characters of a socket: clone to a shorter path`);
  }
  writeConfiguration(plan, nodeParts, registries);
  const ctr = (...args: string[]) =>
    runCommand(join(nodeParts, 'usr/bin/ctr'), ['--address', socket, ...args], {
      signal: context.signal,
      timeoutMs: CTR_TIMEOUT_MS,
    });
  // Registered before containerd, so run after its end: shims and containers outlive it on purpose.
  context.onStop(`${plan.name}-containers`, () => endContainers(plan.dir));
  const containerd = await startDaemon(context, {
    name: `${plan.name}-containerd`,
    ...inNewMountNamespace({
      command: join(nodeParts, 'usr/bin/containerd'),
      args: ['--config', join(plan.dir, 'containerd.toml')],
    }),
    env: {
      PATH: [join(nodeParts, 'usr/bin'), join(nodeParts, 'usr/sbin'), context.env['PATH']].join(':'),
      LD_LIBRARY_PATH: debianLibraryPath(nodeParts),
    },
    logFile: join(context.localDir, 'logs', `${plan.name}-containerd.log`),
    isReady: async () => (await ctr('version')) !== '',
    readyTimeoutMs: 30_000,
  });
  await ctr('--namespace', 'k8s.io', 'images', 'import', pauseArchive);
  return containerd;
}

function writeConfiguration(plan: ClusterPlan, nodeParts: string, registries: readonly { address: string }[]): void {
  writeFileSync(join(plan.dir, 'containerd.toml'), containerdConfig(plan, nodeParts));
  mkdirSync(join(plan.dir, 'cni'), { recursive: true });
  writeFileSync(join(plan.dir, 'cni', '10-bridge.conflist'), JSON.stringify(cniConfig(plan)));
  for (const { address } of registries) {
    const dir = join(plan.dir, 'registries', address);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'hosts.toml'), plainHttpHosts(address));
  }
}
