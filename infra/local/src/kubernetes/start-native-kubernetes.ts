import { mkdirSync, rmSync } from 'node:fs';

import { advertiseGpus } from '../clusters/advertise-gpus.js';
import type { EnvironmentCluster } from '../clusters/cluster.js';
import { allOrFirstFailure } from '../support/all-or-first-failure.js';
import type { LocalContext } from '../support/context.js';
import { createBridge } from './bridge.js';
import { createClusterCredentials } from './cluster-credentials.js';
import { planClusters, type ClusterPlan } from './cluster-plan.js';
import { clusterProcesses } from './cluster-processes.js';
import { startControlPlane } from './control-plane.js';
import { startKubelet } from './kubelet.js';
import { prepareNodePrograms, type NodePrograms } from './node-programs.js';
import { startContainerd } from './start-containerd.js';
import { waitForNode } from './wait-for-node.js';
import { withFreePorts } from './with-free-ports.js';

/**
 * Two real clusters as processes of this machine, each with its own control plane, containerd, kubelet and network.
 * Empty at each start: what the last one left is thrown away.
 * @param options registries without TLS that the nodes pull from, as host:port
 */
export async function startNativeKubernetes(
  context: LocalContext,
  options: { registries: readonly { address: string }[] },
): Promise<EnvironmentCluster[]> {
  const programs = await prepareNodePrograms(context);
  const plans = await Promise.all(planClusters(context.localDir, context.instance).map(withFreePorts));
  return allOrFirstFailure(
    plans.map((plan) =>
      context.progress.run(`cluster ${plan.name}`, () => startCluster(context, plan, programs, options.registries)),
    ),
  );
}

async function startCluster(
  context: LocalContext,
  plan: ClusterPlan,
  { kubernetes, nodeParts, pauseArchive }: NodePrograms,
  registries: readonly { address: string }[],
): Promise<EnvironmentCluster> {
  rmSync(plan.dir, { recursive: true, force: true });
  mkdirSync(plan.dir, { recursive: true });
  const credentials = await createClusterCredentials(plan);
  await createBridge(context, plan);
  const [controlPlane, containerd] = await allOrFirstFailure([
    startControlPlane(context, kubernetes, plan, credentials),
    startContainerd(context, plan, nodeParts, registries, pauseArchive),
  ] as const);
  const kubelet = await startKubelet(context, kubernetes, plan, credentials, containerd);
  const kubeconfigPath = credentials.kubeconfigs.admin;
  const processes = clusterProcesses(plan, controlPlane, kubelet, credentials);
  const prepareNode = async (): Promise<void> => {
    await advertiseGpus(kubeconfigPath, plan.gpus.count, context.signal);
    await waitForNode(kubeconfigPath, context.signal);
  };
  await prepareNode();
  processes.onNewData(prepareNode);
  return { name: plan.name, region: plan.region, kubeconfigPath, processes };
}
