import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { loadAdminKubeconfig } from '../clusters/admin-kubeconfig.js';
import type { EnvironmentCluster } from '../clusters/cluster.js';
import { startComponent, type Component } from '../support/component.js';
import type { LocalContext } from '../support/context.js';
import { simulatedInstanceTypes } from './behaviours.js';
import { createSimulatedNodes, freeSimulatedNodes, SIMULATED_NODES } from './simulated-nodes.js';
import { simulatorConfig } from './simulator-config.js';

/** On the node's address, which no other cluster has. Only for asking whether it is ready. */
const HEALTH_PORT = 10_260;

/**
 * Adds nodes to a cluster on which pods only seem to run; gives how to use them, or null where the cluster is not ours.
 * @param binary KWOK
 */
export async function startSimulator(
  context: LocalContext,
  binary: string,
  { name, kubeconfigPath, processes }: EnvironmentCluster,
): Promise<{ instanceTypes: object[]; nodes: number } | null> {
  if (processes === undefined) return null;
  const kubeconfig = loadAdminKubeconfig(kubeconfigPath, context.signal);
  const createNodes = (): Promise<void> => createSimulatedNodes(kubeconfig, name);
  await createNodes();
  const kwok = await startKwok(context, binary, name, processes);
  processes.addClient({
    ...kwok,
    start: async () => {
      await freeSimulatedNodes(kubeconfig, name);
      await kwok.start();
    },
  });
  processes.onNewData(createNodes);
  return { instanceTypes: simulatedInstanceTypes(), nodes: SIMULATED_NODES };
}

function startKwok(
  context: LocalContext,
  binary: string,
  name: string,
  { hostAddress, simulator }: NonNullable<EnvironmentCluster['processes']>,
): Promise<Component> {
  const configFile = join(simulator.dir, 'kwok.yaml');
  mkdirSync(simulator.dir, { recursive: true });
  writeFileSync(
    configFile,
    simulatorConfig()
      .map((document) => stringify(document))
      .join('---\n'),
  );
  return startComponent(context, {
    name: `${name}-kwok`,
    command: binary,
    args: [
      '--v=WARN', // By default a line for each step of each pod.
      `--config=${configFile}`,
      `--kubeconfig=${simulator.kubeconfigPath}`,
      `--server-address=${hostAddress}:${HEALTH_PORT}`,
    ],
    logFile: join(context.localDir, 'logs', `${name}-kwok.log`),
    isReady: async (signal) => (await fetch(`http://${hostAddress}:${HEALTH_PORT}/healthz`, { signal })).ok,
    readyTimeoutMs: 60_000,
  });
}
