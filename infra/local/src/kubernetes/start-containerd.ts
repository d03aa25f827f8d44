import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { busyboxEntries } from '../images/busybox.js';
import { assembleImage } from '../images/container-image.js';
import { dockerArchive } from '../images/docker-archive.js';
import type { LocalContext } from '../support/context.js';
import { startDaemon } from '../support/daemon.js';
import { debianLibraryPath } from '../support/debian-packages.js';
import { runCommand } from '../support/run-command.js';
import type { ClusterPlan } from './cluster-plan.js';
import { PAUSE_IMAGE, cniConfig, containerdConfig, containerdSocket, plainHttpHosts } from './containerd-config.js';
import { endContainers } from './end-containers.js';

/** The kernel's limit for the path of a socket. */
const MAX_SOCKET_PATH = 107;

/** Starts the cluster's own containerd: two kubelets on one would delete each other's pods. */
export async function startContainerd(
  context: LocalContext,
  plan: ClusterPlan,
  nodeParts: string,
  registries: readonly { address: string }[],
): Promise<void> {
  const socket = containerdSocket(plan);
  if (socket.length > MAX_SOCKET_PATH) {
    throw new Error(`${socket} is longer than the ${MAX_SOCKET_PATH} characters a socket may have: clone to a shorter path`);
  }
  writeConfiguration(plan, nodeParts, registries);
  const ctr = (...args: string[]) =>
    runCommand(join(nodeParts, 'usr/bin/ctr'), ['--address', socket, ...args], { signal: context.signal, timeoutMs: 60_000 });
  // Registered before containerd, so run after its end: shims and containers outlive it on purpose.
  context.onStop(`${plan.name}-containers`, () => endContainers(plan.dir));
  await startDaemon(context, {
    name: `${plan.name}-containerd`,
    command: join(nodeParts, 'usr/bin/containerd'),
    args: ['--config', join(plan.dir, 'containerd.toml')],
    env: {
      PATH: [join(nodeParts, 'usr/bin'), join(nodeParts, 'usr/sbin'), context.env['PATH']].join(':'),
      LD_LIBRARY_PATH: debianLibraryPath(nodeParts),
    },
    logFile: join(context.localDir, 'logs', `${plan.name}-containerd.log`),
    isReady: async () => (await ctr('version')) !== '',
    readyTimeoutMs: 30_000,
  });
  const archive = join(plan.dir, 'pause.tar');
  const pause = assembleImage({ entries: await busyboxEntries(context), command: ['/bin/sleep', '2147483647'] });
  writeFileSync(archive, dockerArchive(pause, [PAUSE_IMAGE]));
  await ctr('--namespace', 'k8s.io', 'images', 'import', archive);
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
