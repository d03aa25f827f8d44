import { KUBERNETES_KEYS } from '@ccluster/domain';

import { INTENT_PATH, objectOf, patchValue, type AuditedRequest, type AuditObject } from './audit-event.js';
import type { KubernetesJobRecord, KubernetesJobStatus } from './cluster-evidence.js';

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
    intent: Number(annotations[KUBERNETES_KEYS.intent] ?? 0),
    installation: labels[KUBERNETES_KEYS.installation] ?? null,
    jobId: labels[KUBERNETES_KEYS.jobId] ?? null,
    status: statusOf(object),
  };
}

type Where = Pick<KubernetesJobRecord, 'cluster' | 'clusterId' | 'namespace' | 'name'>;

/**
 * All requests for one name, one Kubernetes Job after another: each `create` that was answered made another one, since a
 * name is free only when the one before is gone.
 * @param live what has the name now
 */
export function recordsOfName(
  where: Where,
  installation: string,
  requests: readonly JobRequest[],
  live?: JobRequest,
): KubernetesJobRecord[] {
  const lives: JobRequest[][] = [];
  for (const request of requests.toSorted((left, right) => left.at - right.at)) {
    const life = lives.at(-1);
    if (life === undefined || request.verb === 'create') lives.push([request]);
    else life.push(request);
  }
  if (live !== undefined) addLive(lives, live);
  return lives.flatMap((life) => recordOf(where, installation, life) ?? []);
}

function addLive(lives: JobRequest[][], live: JobRequest): void {
  const life = lives.at(-1);
  const uid = life === undefined ? null : uidOf(life);
  if (life === undefined || (uid !== null && uid !== live.uid)) lives.push([live]);
  else life.push(live);
}

function uidOf(life: readonly JobRequest[]): string | null {
  return life.find(({ uid }) => uid !== null)?.uid ?? null;
}

/** Undefined where it is not of this installation, or nothing says for which job it was. */
function recordOf(where: Where, installation: string, life: readonly JobRequest[]): KubernetesJobRecord | undefined {
  const labelled = life.find((request) => request.jobId !== null);
  if (labelled?.jobId == null || labelled.installation !== installation) return undefined;
  const created = life.find(({ verb }) => verb === 'create');
  const deleted = life.find(({ verb }) => verb === 'delete');
  return {
    ...where,
    jobId: labelled.jobId,
    uid: uidOf(life),
    createdAt: created?.at ?? null,
    createdBy: created?.by ?? null,
    changes: life.flatMap(({ at, by, suspend, intent, ofStatus }) =>
      suspend === null || ofStatus ? [] : [{ at, by, suspend, intent }],
    ),
    releasedAt: releasedAtOf(life),
    deletedAt: deleted?.at ?? null,
    deletedBy: deleted?.by ?? null,
    status: life.findLast(({ status }) => status !== null)?.status ?? null,
  };
}

/** Where the request itself is missing (its API server was killed before it wrote it down), it was after the one before. */
function releasedAtOf(life: readonly JobRequest[]): number | null {
  const first = life.findIndex(({ suspend }) => suspend === false);
  const released = life[first];
  if (released === undefined) return null;
  return released.ofStatus ? (life[first - 1] ?? released).at : released.at;
}
