import { KUBERNETES_KEYS } from '@ccluster/domain';
import type { UnsafeObject } from '@ccluster/kubernetes';
import { parseKubernetesJob, type KubernetesJob } from '../objects/kubernetes-job.js';
import { podParser, type AttemptPod, type KubernetesPod } from '../objects/kubernetes-pod.js';

/** Objects as an API server sends them. */
export const OWN_LABELS = { [KUBERNETES_KEYS.installation]: 'test', [KUBERNETES_KEYS.cluster]: 'cl_1' };

export interface RawPodParts {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

/** An attempt at index 3 on node-1 that was accepted a moment ago. */
export function aRawPod({ metadata, spec, status }: RawPodParts = {}): UnsafeObject {
  return {
    metadata: {
      name: 'train-3-abcde',
      namespace: 'jobs',
      uid: 'pod-uid',
      resourceVersion: '7',
      creationTimestamp: '2026-01-01T00:00:10Z',
      labels: { ...OWN_LABELS, [KUBERNETES_KEYS.jobId]: 'job_1' },
      annotations: { 'batch.kubernetes.io/job-completion-index': '3' },
      ownerReferences: [{ kind: 'Job', uid: 'job-uid', controller: true }],
      ...metadata,
    },
    spec: {
      nodeName: 'node-1',
      containers: [{ name: 'main', resources: { requests: { cpu: '500m', memory: '1Gi' } } }],
      ...spec,
    },
    status: { phase: 'Pending', ...status },
  };
}

export function aPod(parts: RawPodParts = {}): KubernetesPod {
  return podParser(OWN_LABELS)(aRawPod(parts));
}

export function anAttempt(parts: RawPodParts = {}): AttemptPod {
  const { attempt } = aPod(parts);
  if (attempt === null) throw new Error('not an attempt of ours');
  return attempt;
}

/** Status of a pod whose container is in one state. */
export function withContainer(phase: string, state: object, rest: object = {}): object {
  return { phase, containerStatuses: [{ name: 'main', imageID: '', state }], ...rest };
}

export function waiting(reason: string, message?: string): object {
  return withContainer('Pending', { waiting: { reason, message } });
}

export function terminated(exitCode: number, reason: string, rest: object = {}): object {
  const times = { startedAt: '2026-01-01T00:00:20Z', finishedAt: '2026-01-01T00:01:00Z' };
  return { terminated: { exitCode, reason, ...times, ...rest } };
}

export function condition(type: string, status: string, reason: string, message = ''): object {
  return { type, status, reason, message };
}

export function aKubernetesJob(parts: RawPodParts = {}): KubernetesJob {
  const job = parseKubernetesJob({
    metadata: {
      name: 'train-1',
      namespace: 'jobs',
      uid: 'job-uid',
      resourceVersion: '100',
      labels: { ...OWN_LABELS, [KUBERNETES_KEYS.jobId]: 'job_1' },
      annotations: { [KUBERNETES_KEYS.intent]: '1' },
      ...parts.metadata,
    },
    spec: { suspend: false, parallelism: 2, ...parts.spec },
    status: { startTime: '2026-01-01T00:00:05Z', ...parts.status },
  });
  if (job === undefined) throw new Error('not a Kubernetes Job of ours');
  return job;
}
