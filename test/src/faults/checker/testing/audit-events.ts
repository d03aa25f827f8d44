import { KUBERNETES_KEYS } from '@ccluster/domain';

import { INTENT_PATH } from '../audit-event.js';
import { seconds } from './story.js';

/** What an API server writes for one request; `at` in seconds. */
export interface WrittenRequest {
  readonly at: number;
  readonly verb: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly by?: string;
  readonly code?: number;
  readonly uri?: string;
  readonly stage?: string;
  readonly request?: unknown;
  readonly response?: unknown;
}

export function auditEvent(written: WrittenRequest): unknown {
  const { at, verb, resource = 'jobs', subresource, name, by = 'dispatcher', code = 200, uri = '/', stage } = written;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    stage: stage ?? 'ResponseComplete',
    requestURI: uri,
    verb,
    user: { username: by, groups: [] },
    objectRef: { resource, namespace: 'jobs', name, subresource, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code },
    ...(written.request === undefined ? {} : { requestObject: written.request }),
    ...(written.response === undefined ? {} : { responseObject: written.response }),
    requestReceivedTimestamp: new Date(seconds(at)).toISOString(),
    stageTimestamp: new Date(seconds(at + 0.01)).toISOString(),
  };
}

export const labels = { [KUBERNETES_KEYS.installation]: 'i', [KUBERNETES_KEYS.jobId]: 'job_1' };

export function kubernetesJob(suspend: boolean, uid?: string, status: unknown = {}): unknown {
  return {
    kind: 'Job',
    metadata: { name: 'k', labels, ...(uid === undefined ? {} : { uid }) },
    spec: { suspend },
    status,
  };
}

/** As the dispatcher sends it. */
export function intentPatch(uid: string, intent: number, suspend: boolean): unknown {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: INTENT_PATH, value: String(intent - 1) },
    { op: 'replace', path: INTENT_PATH, value: String(intent) },
    { op: 'replace', path: '/spec/suspend', value: suspend },
  ];
}
