import { KUBERNETES_KEYS } from '@ccluster/domain';

import { INTENT_PATH, objectOf, patchValue, type AuditedRequest, type AuditObject } from './audit-event.js';
import type { KubernetesJobStatus } from './cluster-evidence.js';

/** One accepted request for a Kubernetes Job, as much as the audit log says of it. */
export interface JobRequest {
  readonly at: number;
  readonly verb: string;
  readonly by: string;
  readonly uid: string | null;
  /** null: it does not say. */
  readonly suspend: boolean | null;
  /** It was of its status alone, and changed no `suspend`. */
  readonly ofStatus: boolean;
  /** Nobody knows whether it was carried out: only what it says of labels counts. */
  readonly isDoubtful: boolean;
  readonly intent: number | null;
  /** null: it does not say. */
  readonly installation: string | null;
  readonly jobId: string | null;
  readonly status: KubernetesJobStatus | null;
}

export function jobRequestOf(request: AuditedRequest): JobRequest {
  const { verb, user, objectRef, requestReceivedTimestamp } = request;
  const object = objectOf(request, 'Job');
  const labels = object?.metadata.labels ?? {};
  return {
    at: requestReceivedTimestamp,
    verb,
    by: user.username,
    uid: object?.metadata.uid ?? textOrNull(patchValue(request, 'test', '/metadata/uid')),
    suspend: suspendOf(request, object),
    ofStatus: objectRef.subresource !== undefined,
    isDoubtful: request.isDoubtful,
    intent: intentOf(request, object),
    installation: labels[KUBERNETES_KEYS.installation] ?? null,
    jobId: labels[KUBERNETES_KEYS.jobId] ?? null,
    status: statusOf(object),
  };
}

/** A Kubernetes Job that does not say so is not suspended. */
function suspendOf(request: AuditedRequest, object: AuditObject | undefined): boolean | null {
  if (request.verb === 'delete') return null;
  if (object !== undefined) return object.spec.suspend ?? false;
  const { requestObject } = request;
  const set = Array.isArray(requestObject) ? patchValue(request, 'set', '/spec/suspend') : requestObject?.spec.suspend;
  return typeof set === 'boolean' ? set : null;
}

function intentOf(request: AuditedRequest, object: AuditObject | undefined): number | null {
  const intent = patchValue(request, 'set', INTENT_PATH) ?? object?.metadata.annotations[KUBERNETES_KEYS.intent];
  return intent === undefined ? null : Number(intent);
}

function statusOf(object: AuditObject | undefined): KubernetesJobStatus | null {
  if (object === undefined) return null;
  const { completedIndexes = '', conditions = [] } = object.status;
  const isTrue = (type: string) => conditions.some((each) => each.type === type && each.status === 'True');
  return { completedIndexes, verdict: isTrue('Complete') ? 'Complete' : isTrue('Failed') ? 'Failed' : null };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** One that is there now, as the last word on it. */
export function jobRequestOfLive(object: AuditObject, createdAt: number): JobRequest {
  const { labels, uid, annotations } = object.metadata;
  return {
    // When it was released it does not say, but not before it was made.
    at: createdAt,
    verb: 'get',
    by: '',
    uid: uid ?? null,
    suspend: object.spec.suspend ?? false,
    ofStatus: true,
    isDoubtful: false,
    intent: Number(annotations[KUBERNETES_KEYS.intent] ?? 0),
    installation: labels[KUBERNETES_KEYS.installation] ?? null,
    jobId: labels[KUBERNETES_KEYS.jobId] ?? null,
    status: statusOf(object),
  };
}
