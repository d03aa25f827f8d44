import { KUBERNETES_KEYS } from '@ccluster/domain';

import { objectOf, type AuditedRequest, type AuditObject } from './audit-event.js';

/** What is known of a pod so far, in whatever order it came to be known. */
export interface PodFacts {
  uid: string | null;
  installation: string | null;
  jobId: string | null;
  kubernetesJobUid: string | null;
  createdAt: number | null;
  startedAt: number | null;
  endedAt: number | null;
  exitCode: number | null;
  deletedAt: number | null;
}

export function noPodFacts(): PodFacts {
  return {
    uid: null,
    installation: null,
    jobId: null,
    kubernetesJobUid: null,
    createdAt: null,
    startedAt: null,
    endedAt: null,
    exitCode: null,
    deletedAt: null,
  };
}

/** The pod's name is in the answer where Kubernetes chose it. */
export function podNameOf(request: AuditedRequest): string | undefined {
  return request.objectRef.name ?? request.responseObject?.metadata.name;
}

export function addPodRequest(pod: PodFacts, request: AuditedRequest): void {
  const { verb, objectRef, requestObject, requestReceivedTimestamp: at } = request;
  // The first tells the kubelet to end it; its object goes with the last.
  if (verb === 'delete') pod.deletedAt = Math.max(pod.deletedAt ?? at, at);
  const object = objectOf(request, 'Pod');
  if (object !== undefined) addPodObject(pod, object);
  // A kubelet's patch has the pod's status but no kind.
  else if (requestObject !== undefined && !Array.isArray(requestObject)) addPodObject(pod, requestObject);
  if (verb === 'create' && objectRef.subresource === undefined) pod.createdAt = at;
}

export function addPodObject(pod: PodFacts, { metadata, status }: AuditObject): void {
  pod.uid ??= metadata.uid ?? null;
  pod.installation ??= metadata.labels[KUBERNETES_KEYS.installation] ?? null;
  pod.jobId ??= metadata.labels[KUBERNETES_KEYS.jobId] ?? null;
  pod.createdAt ??= timeOf(metadata.creationTimestamp);
  pod.kubernetesJobUid ??= metadata.ownerReferences.find(({ kind }) => kind === 'Job')?.uid ?? null;
  for (const { state } of status.containerStatuses ?? []) {
    const { running, terminated } = state;
    const startedAt = timeOf(running?.startedAt) ?? timeOf(terminated?.startedAt);
    if (startedAt !== null) pod.startedAt = Math.min(pod.startedAt ?? startedAt, startedAt);
    if (terminated == null || timeOf(terminated.startedAt) === null) continue;
    pod.endedAt = timeOf(terminated.finishedAt) ?? pod.endedAt;
    pod.exitCode = terminated.exitCode;
  }
}

/** Whole seconds, rounded down. Of a container that could not be started the runtime gives no time, or the epoch. */
function timeOf(text: string | null | undefined): number | null {
  const at = text == null ? 0 : Date.parse(text);
  return at > 0 ? at : null;
}
