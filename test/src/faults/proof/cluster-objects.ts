import { KUBERNETES_KEYS } from '@ccluster/domain';
import { waitFor } from '@ccluster/testkit';
import type { V1Job, V1Pod, V1PodSpec } from '@kubernetes/client-node';

import { NAMESPACE, openClusters, type Ground, type OpenCluster } from './ground.js';

const START_TIMEOUT_MS = 30_000;

/** Of an object that is made past the application, and looks as if it were its own. */
export interface Guise {
  readonly cluster: OpenCluster;
  readonly name: string;
  readonly jobId: string;
}

export function clusterAt({ platform }: Ground, position: number): OpenCluster {
  const cluster = openClusters(platform)[position];
  if (cluster === undefined) throw new Error(`There is no cluster ${position}`);
  return cluster;
}

export function guiseMetadata({ platform }: Ground, { cluster, name, jobId }: Guise) {
  const labels = {
    [KUBERNETES_KEYS.installation]: platform.env.CCLUSTER_INSTALLATION,
    [KUBERNETES_KEYS.cluster]: cluster.clusterId,
    [KUBERNETES_KEYS.jobId]: jobId,
  };
  return { name, namespace: NAMESPACE, labels, annotations: { [KUBERNETES_KEYS.intent]: '0' } };
}

/** A Kubernetes Job of one pod that sleeps. */
export async function makeKubernetesJob(
  ground: Ground,
  guise: Guise,
  { suspend, nodeSelector = {} }: { readonly suspend: boolean; readonly nodeSelector?: Record<string, string> },
): Promise<V1Job> {
  const metadata = guiseMetadata(ground, guise);
  const template = { metadata: { labels: metadata.labels }, spec: sleepingPod(ground, nodeSelector) };
  const body = { metadata, spec: { suspend, completionMode: 'Indexed', completions: 1, parallelism: 1, template } };
  return guise.cluster.batch.createNamespacedJob({ namespace: NAMESPACE, body });
}

/** A pod that sleeps; resolves when its container runs. */
export async function makeRunningPod(ground: Ground, guise: Guise): Promise<void> {
  const body = { metadata: guiseMetadata(ground, guise), spec: sleepingPod(ground) };
  await guise.cluster.core.createNamespacedPod({ namespace: NAMESPACE, body });
  await findRunningPod(guise);
}

/** The pod of a job that runs, when it does. */
export async function findRunningPod({ cluster, jobId }: Guise): Promise<V1Pod> {
  const labelSelector = `${KUBERNETES_KEYS.jobId}=${jobId}`;
  return waitFor(
    async () => (await cluster.core.listNamespacedPod({ namespace: NAMESPACE, labelSelector })).items.find(isRunning),
    { timeoutMs: START_TIMEOUT_MS, what: `a pod of ${jobId} to run` },
  );
}

function isRunning({ status }: V1Pod): boolean {
  return status?.containerStatuses?.some(({ state }) => state?.running !== undefined) ?? false;
}

function sleepingPod({ platform }: Ground, nodeSelector: Record<string, string> = {}): V1PodSpec {
  const { url, tag } = platform.environment.image;
  const amounts = { cpu: '10m', memory: '16Mi' };
  return {
    restartPolicy: 'Never',
    nodeSelector,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'main',
        image: `${url}:${tag}`,
        command: ['/bin/sleep', '600'],
        resources: { limits: amounts, requests: amounts },
        securityContext: { allowPrivilegeEscalation: false },
      },
    ],
  };
}

/** Everything that carries the installation's label, whoever made it. */
export async function removeEverything({ platform }: Pick<Ground, 'platform'>): Promise<void> {
  const labelSelector = `${KUBERNETES_KEYS.installation}=${platform.env.CCLUSTER_INSTALLATION}`;
  const where = { namespace: NAMESPACE, labelSelector };
  for (const { batch, core } of openClusters(platform)) {
    await batch.deleteCollectionNamespacedJob({ ...where, propagationPolicy: 'Background' });
    await core.deleteCollectionNamespacedPod({ ...where, gracePeriodSeconds: 0 });
    await core.deleteCollectionNamespacedSecret(where);
  }
}
