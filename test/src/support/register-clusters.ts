import { readFileSync } from 'node:fs';

import {
  CreateInstanceTypeDocument,
  RegisterClusterDocument,
  type CclusterClient,
  type CreateInstanceTypeInput,
} from '@ccluster/client';
import type { TestCluster } from '@ccluster/testkit';

/** Kubeconfigs, as text, of the accounts of dispatcher and watcher. */
export interface ServiceKubeconfigs {
  readonly dispatcher: string;
  readonly watcher: string;
}

export function ownKubeconfigs({ dispatcherKubeconfig, watcherKubeconfig }: TestCluster): ServiceKubeconfigs {
  return { dispatcher: readFileSync(dispatcherKubeconfig, 'utf8'), watcher: readFileSync(watcherKubeconfig, 'utf8') };
}

/**
 * Registers each cluster as managed, with its instance types.
 * @param kubeconfigsOf how the services reach it
 * @returns ids by name
 */
export async function registerClusters(
  client: CclusterClient,
  clusters: readonly TestCluster[],
  kubeconfigsOf: (cluster: TestCluster) => ServiceKubeconfigs = ownKubeconfigs,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const cluster of clusters) {
    const { dispatcher, watcher } = kubeconfigsOf(cluster);
    const input = {
      name: cluster.name,
      region: cluster.region,
      managed: true,
      namespace: 'ccluster-jobs',
      credentials: { kubeconfig: dispatcher },
      readerCredentials: { kubeconfig: watcher },
    };
    const { registerCluster } = await client.transport.request(RegisterClusterDocument, { input });
    ids.set(cluster.name, registerCluster.id);
    for (const instanceType of cluster.instanceTypes) {
      const input = { ...instanceType, clusterId: registerCluster.id } as CreateInstanceTypeInput;
      await client.transport.request(CreateInstanceTypeDocument, { input });
    }
  }
  return ids;
}
