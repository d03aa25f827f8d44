import type { TestCluster } from '@ccluster/testkit';
import { EventsV1Api, KubeConfig } from '@kubernetes/client-node';

import { clusterAdmin } from '../../lab/admin.js';

/** All that stands in a namespace of a cluster where secrets have no business: everything but Secrets. */
export async function readClusterTexts(cluster: TestCluster, namespace: string): Promise<Map<string, string>> {
  const { batch, core } = clusterAdmin(cluster);
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const events = config.makeApiClient(EventsV1Api);
  const lists = {
    'Kubernetes Jobs': batch.listNamespacedJob({ namespace }),
    pods: core.listNamespacedPod({ namespace }),
    events: events.listNamespacedEvent({ namespace }),
    'config maps': core.listNamespacedConfigMap({ namespace }),
  };
  const texts = new Map<string, string>();
  for (const [kind, list] of Object.entries(lists))
    texts.set(`${kind} in ${cluster.name}/${namespace}`, JSON.stringify(await list));
  return texts;
}
