import { CONTAINER_NAME, imageReference, KUBERNETES_KEYS, kubernetesJobName, type JobSpec } from '@ccluster/domain';
import type {
  V1Container,
  V1EnvVar,
  V1Job,
  V1PodSpec,
  V1PodTemplateSpec,
  V1ResourceRequirements,
  V1Toleration,
} from '@kubernetes/client-node';
import type { JobOrder, OrderedInstanceType } from './cluster-writer.js';

/** Insurance against leaks only: what has ended is deleted by us, once its logs are drained. */
const SECONDS_KEPT_AFTER_END = 7 * 24 * 60 * 60;

const SHARED_MEMORY_VOLUME = 'shared-memory';

/** Who owns what is posted: several installations can share a cluster. */
export interface Ownership {
  readonly installation: string;
  readonly clusterId: string;
}

/** The Kubernetes Job of an order, suspended: it starts no pod before its intent is raised. */
export function jobManifest(order: JobOrder, ownership: Ownership): V1Job {
  const { spec } = order;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: kubernetesJobName(spec.name, order.jobId),
      namespace: order.namespace,
      labels: ownershipLabels(order, ownership),
      annotations: {
        ...Object.fromEntries(spec.annotations.map(({ key, value }) => [key, value])),
        [KUBERNETES_KEYS.intent]: '0',
        [KUBERNETES_KEYS.epoch]: String(order.epoch),
      },
    },
    spec: {
      suspend: true,
      completionMode: 'Indexed',
      completions: spec.completions,
      parallelism: spec.parallelism,
      backoffLimit: spec.backoffLimit,
      ...(spec.activeDeadlineSeconds === null ? {} : { activeDeadlineSeconds: spec.activeDeadlineSeconds }),
      ttlSecondsAfterFinished: SECONDS_KEPT_AFTER_END,
      // A replacement waits until the pod it replaces has ended: two of one index would fight over checkpoints and GPUs.
      podReplacementPolicy: 'Failed',
      // A pod lost to a node's failure, a drain or a preemption is not the caller's fault.
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      template: podTemplate(order, ownership),
    },
  };
}

export function ownershipLabels(order: JobOrder, ownership: Ownership): Record<string, string> {
  return {
    [KUBERNETES_KEYS.installation]: ownership.installation,
    [KUBERNETES_KEYS.cluster]: ownership.clusterId,
    [KUBERNETES_KEYS.jobId]: order.jobId,
  };
}

/**
 * A claim's Secrets carry its number: a dispatcher that was overtaken cannot put its own in the place of a newer
 * claim's, nor delete them.
 */
export function secretName(order: JobOrder, content: 'env' | 'pull'): string {
  return `${kubernetesJobName(order.spec.name, order.jobId)}-e${order.epoch}-${content}`;
}

function podTemplate(order: JobOrder, ownership: Ownership): V1PodTemplateSpec {
  return { metadata: { labels: ownershipLabels(order, ownership) }, spec: podSpec(order) };
}

function podSpec(order: JobOrder): V1PodSpec {
  const { instanceType } = order;
  return {
    // One pod is one attempt: its log is its own, and its end is counted once.
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    nodeSelector: { ...instanceType.nodeSelector },
    tolerations: instanceType.tolerations.map(toleration),
    ...(order.hasImagePullSecret ? { imagePullSecrets: [{ name: secretName(order, 'pull') }] } : {}),
    containers: [container(order)],
    ...(instanceType.sharedMemoryMib === 0 ? {} : { volumes: [sharedMemoryVolume(instanceType)] }),
  };
}

function container(order: JobOrder): V1Container {
  const { spec, instanceType } = order;
  return {
    name: CONTAINER_NAME,
    image: imageReference(spec.imageUrl, spec.imageTag),
    // A tag may have moved, and a cached image must not be had without the registry's consent.
    imagePullPolicy: 'Always',
    ...(spec.argv.length === 0 ? {} : { command: spec.argv.map(withDollarsDoubled) }),
    env: reservedVariables(spec),
    ...(spec.env.length === 0 ? {} : { envFrom: [{ secretRef: { name: secretName(order, 'env') } }] }),
    resources: resources(instanceType),
    securityContext: { allowPrivilegeEscalation: false },
    // It copies the end of the output into the pod's status, so not where the caller wants no output read.
    ...(spec.enableLogging ? { terminationMessagePolicy: 'FallbackToLogsOnError' } : {}),
    ...(instanceType.sharedMemoryMib === 0
      ? {}
      : { volumeMounts: [{ name: SHARED_MEMORY_VOLUME, mountPath: '/dev/shm' }] }),
  };
}

/** Listed by name, so that they beat whatever else would set them. */
function reservedVariables(spec: JobSpec): V1EnvVar[] {
  return [
    {
      name: 'JOB_COMPLETION_INDEX',
      valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
    },
    { name: 'JOB_COMPLETIONS', value: String(spec.completions) },
  ];
}

/** Kubernetes expands `$(NAME)` in a command and takes `$$` for one `$`. */
function withDollarsDoubled(word: string): string {
  return word.replaceAll('$', '$$$$');
}

/** Requests equal limits: a replica gets what it pays for, neither less nor more. */
function resources(instanceType: OrderedInstanceType): V1ResourceRequirements {
  const amounts = {
    cpu: `${instanceType.cpuMillicores}m`,
    memory: `${instanceType.memoryMib}Mi`,
    ...(instanceType.gpuCount === 0 ? {} : { [instanceType.acceleratorResource]: String(instanceType.gpuCount) }),
  };
  return { limits: amounts, requests: amounts };
}

/** Kubernetes' own /dev/shm is 64 MiB, too little for frameworks whose workers share tensors through it. */
function sharedMemoryVolume(instanceType: OrderedInstanceType) {
  return {
    name: SHARED_MEMORY_VOLUME,
    emptyDir: { medium: 'Memory', sizeLimit: `${instanceType.sharedMemoryMib}Mi` },
  };
}

function toleration({ key, value, effect }: OrderedInstanceType['tolerations'][number]): V1Toleration {
  return {
    key,
    ...(value === null ? { operator: 'Exists' } : { operator: 'Equal', value }),
    ...(effect === null ? {} : { effect }),
  };
}
