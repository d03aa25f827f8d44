import { KUBERNETES_KEYS } from '@ccluster/domain';
import { BatchV1Api, CoreV1Api, KubeConfig, type V1Job, type V1ObjectMeta, type V1Pod } from '@kubernetes/client-node';

import type { LiveObject } from './cluster-evidence.js';

/** What one cluster holds of an installation now, in all namespaces. */
export interface LiveCluster {
  readonly kubernetesJobs: readonly V1Job[];
  readonly pods: readonly V1Pod[];
  readonly secrets: readonly V1ObjectMeta[];
}

interface Page<T> {
  readonly items: T[];
  readonly metadata?: { readonly _continue?: string };
}

const OBJECTS_AT_ONCE = 500;

/** @param kubeconfig its path, with all rights */
export async function readLiveCluster(kubeconfig: string, installation: string): Promise<LiveCluster> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const batch = config.makeApiClient(BatchV1Api);
  const labelSelector = `${KUBERNETES_KEYS.installation}=${installation}`;
  const all = async <T>(list: (query: ListQuery) => Promise<Page<T>>): Promise<T[]> => {
    const items: T[] = [];
    for (let position = {}; ;) {
      const page = await list({ labelSelector, limit: OBJECTS_AT_ONCE, ...position });
      items.push(...page.items);
      const { _continue: next = '' } = page.metadata ?? {};
      if (next === '') return items;
      position = { _continue: next };
    }
  };
  return {
    kubernetesJobs: await all((query) => batch.listJobForAllNamespaces(query)),
    pods: await all((query) => core.listPodForAllNamespaces(query)),
    secrets: (await all((query) => core.listSecretForAllNamespaces(query))).map(({ metadata }) => metadata ?? {}),
  };
}

interface ListQuery {
  readonly labelSelector: string;
  readonly limit: number;
  readonly _continue?: string;
}

interface Place {
  readonly cluster: string;
  readonly clusterId: string;
}

export function liveObjectsOf(where: Place, { kubernetesJobs, pods, secrets }: LiveCluster): LiveObject[] {
  return [
    ...kubernetesJobs.map(({ metadata = {} }) => ({
      ...objectOf(where, 'Job', metadata),
      kubernetesJobUid: metadata.uid ?? null,
    })),
    ...pods.map((pod) => ({ ...objectOf(where, 'Pod', pod.metadata ?? {}), isRunningPod: isRunning(pod) })),
    ...secrets.map((metadata) => objectOf(where, 'Secret', metadata)),
  ];
}

function objectOf(where: Place, kind: LiveObject['kind'], metadata: V1ObjectMeta): LiveObject {
  return {
    ...where,
    kind,
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    jobId: metadata.labels?.[KUBERNETES_KEYS.jobId] ?? null,
    kubernetesJobUid: metadata.ownerReferences?.find((owner) => owner.kind === 'Job')?.uid ?? null,
    createdAt: metadata.creationTimestamp?.getTime() ?? 0,
    deletingSince: metadata.deletionTimestamp?.getTime() ?? null,
    isRunningPod: false,
  };
}

function isRunning({ status }: V1Pod): boolean {
  return (status?.containerStatuses ?? []).some(({ state }) => state?.running !== undefined);
}
