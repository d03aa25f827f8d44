import { idSuffix } from './identifiers.js';

/** Labels and annotations on everything this product makes in a cluster. */
export const KUBERNETES_KEYS = {
  /** Which installation owns it: several can share a cluster. */
  installation: 'ccluster.io/installation',
  /** The id under which the installation knows the cluster. */
  cluster: 'ccluster.io/cluster',
  jobId: 'ccluster.io/job-id',
  /** Annotation: the number of the newest decision in force; see `Intent`. */
  intent: 'ccluster.io/intent',
  /** Annotation: the dispatcher's claim under which it was posted. */
  epoch: 'ccluster.io/epoch',
} as const;

/** In the namespace of a managed cluster: where each organization has its own. */
export const ORGANIZATION_PLACEHOLDER = '{organization}';

/** The namespace of an organization; by its id, since its name may be no DNS label. */
export function namespaceFor(template: string, organizationId: string): string {
  return template.replaceAll(ORGANIZATION_PLACEHOLDER, idSuffix(organizationId));
}

/** The container that runs the caller's image. */
export const CONTAINER_NAME = 'main';

/**
 * The Kubernetes Job's name, the same however often it is posted: at most 20 + 1 + 26 characters, so that `-<index>`
 * of 100,000 tasks still fits a DNS label.
 */
export function kubernetesJobName(jobName: string, jobId: string): string {
  return `${jobName}-${idSuffix(jobId)}`;
}

const ATTEMPT_NAME = /^[a-z][a-z0-9-]*-([0-7][0-9a-hjkmnp-tv-z]{25})-(\d{1,6})-[a-z0-9]{5}$/;

/** Of which task a pod is an attempt, by the name that the job controller gave it; undefined: of none of ours. */
export function findTaskByPodName(podName: string): { readonly jobId: string; readonly index: number } | undefined {
  const [, suffix, index] = ATTEMPT_NAME.exec(podName) ?? [];
  return suffix === undefined ? undefined : { jobId: `job_${suffix}`, index: Number(index) };
}

/** Selects every object of one installation in one cluster. */
export function installationSelector(installation: string, clusterId: string): string {
  return `${KUBERNETES_KEYS.installation}=${installation},${KUBERNETES_KEYS.cluster}=${clusterId}`;
}
