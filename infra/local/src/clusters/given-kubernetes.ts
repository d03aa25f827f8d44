import { KubeConfig } from '@kubernetes/client-node';

import type { ClustersWithImages } from './cluster.js';

/** A public image: the nodes of somebody's own cluster cannot reach a registry on this machine. */
const PUBLIC_IMAGE = { url: 'docker.io/library/busybox', tag: '1.37' };

/** The user's own cluster: the current context of the kubeconfig at this path. */
export function readGivenKubernetes(kubeconfigPath: string): ClustersWithImages {
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromFile(kubeconfigPath);
  if (kubeconfig.getCurrentCluster() === null) throw new Error(`KUBECONFIG ${kubeconfigPath} has no current context`);
  return {
    clusters: [{ name: clusterName(kubeconfig.getCurrentContext()), region: 'own', kubeconfigPath, isGiven: true }],
    image: PUBLIC_IMAGE,
    privateImage: null,
  };
}

/** A context's name in the form of a cluster's: lower case, digits, hyphens, at most 40. */
export function clusterName(contextName: string): string {
  const name = contextName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return name === '' ? 'own' : name;
}
