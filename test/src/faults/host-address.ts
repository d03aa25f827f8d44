import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { TestEnvironment } from '@ccluster/testkit';

/** This machine's address on the bridge of a cluster whose node it is: pods of every cluster reach it. */
export async function findHostAddress({ clusters: [cluster] }: TestEnvironment): Promise<string> {
  if (cluster === undefined) throw new Error('The environment has no cluster');
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const { items } = await config.makeApiClient(CoreV1Api).listNode();
  const addresses = items.flatMap(({ status }) => status?.addresses ?? []);
  const address = addresses.find(({ type }) => type === 'InternalIP')?.address;
  if (address === undefined) throw new Error(`No node of ${cluster.name} has an address`);
  return address;
}
