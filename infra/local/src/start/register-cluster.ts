import { readFileSync } from 'node:fs';

import {
  ClustersDocument,
  CreateInstanceTypeDocument,
  RegisterClusterDocument,
  type CclusterClient,
} from '@ccluster/client';

import type { AccessibleCluster } from '../clusters/grant-access.js';
import { proposeInstanceTypes } from '../clusters/propose-instance-types.js';
import { readNodes } from '../clusters/read-nodes.js';

export interface RegisteredCluster extends AccessibleCluster {
  id: string;
}

/**
 * Registers a cluster with its services' credentials and an instance type for each proposal that its nodes give.
 * One of this name that the database already has is used as it is, unless it is one of ours from an earlier start.
 */
export async function registerCluster(
  { transport }: CclusterClient,
  cluster: AccessibleCluster,
  signal: AbortSignal,
): Promise<RegisteredCluster> {
  const { clusters } = await transport.request(ClustersDocument, {});
  const known = clusters.find(({ name }) => name === cluster.name);
  if (known !== undefined && cluster.isGiven) return { ...cluster, id: known.id };
  if (known !== undefined) {
    throw new Error(`this database knows another ${cluster.name}, of an earlier start: give an empty DATABASE_URL`);
  }
  const { registerCluster: registered } = await transport.request(RegisterClusterDocument, {
    input: {
      name: cluster.name,
      region: cluster.region,
      managed: true,
      namespace: cluster.namespace,
      credentials: { kubeconfig: readFileSync(cluster.dispatcherKubeconfigPath, 'utf8') },
      readerCredentials: { kubeconfig: readFileSync(cluster.watcherKubeconfigPath, 'utf8') },
    },
  });
  for (const proposal of proposeInstanceTypes(await readNodes(cluster.kubeconfigPath, signal))) {
    await transport.request(CreateInstanceTypeDocument, { input: { clusterId: registered.id, ...proposal } });
  }
  return { ...cluster, id: registered.id };
}
