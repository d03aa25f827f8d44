import type { JobEvent, JobObservation } from '../job-event.js';
import { anObservation } from './builders.js';
import { placement } from './job-states.js';

export const at = '2026-01-02T00:00:00.000Z';

/** Of a Kubernetes Job that was released, newer than its release. */
export function observed(overrides: Partial<JobObservation> = {}): JobEvent {
  return { type: 'OBSERVED', observation: anObservation({ resourceVersion: '150', ...overrides }), at };
}

const unschedulable = { code: 'UNSCHEDULABLE', message: '0/4 nodes are available' };
const succeeded = { outcome: 'SUCCEEDED', code: 'COMPLETE', message: 'Completed' } as const;
const failed = { outcome: 'FAILED', code: 'BACKOFF_LIMIT_EXCEEDED', message: 'Too many failed' } as const;

/** One of each kind; observations as they come while a Kubernetes Job goes its way. */
export const events = {
  'placement decided': { type: 'PLACEMENT_DECIDED', placement, at },
  'placement waiting': { type: 'PLACEMENT_WAITING', code: 'WAITING_FOR_CAPACITY', message: 'Waits for room', at },
  'placement undone': { type: 'PLACEMENT_UNDONE', code: 'CLUSTER_REFUSED', message: 'east refused', at },
  'dispatch refused': { type: 'DISPATCH_REFUSED', code: 'POLICY_REFUSED', message: 'denied', at },
  armed: { type: 'ARMED', kubernetesUid: 'uid-1', placement, at },
  'armed for a placement of before': {
    type: 'ARMED',
    kubernetesUid: 'uid-1',
    placement: { ...placement, clusterId: 'cl_before' },
    at,
  },
  'release applied': { type: 'INTENT_APPLIED', intent: 1, released: true, resourceVersion: '100', at },
  'stop applied': { type: 'INTENT_APPLIED', intent: 2, released: true, resourceVersion: '200', at },
  'stop applied before release': { type: 'INTENT_APPLIED', intent: 2, released: false, resourceVersion: '200', at },
  cancel: { type: 'CANCEL_REQUESTED', by: 'ann', reason: null, at },
  suspend: { type: 'SUSPEND_REQUESTED', by: 'ann', at },
  resume: { type: 'RESUME_REQUESTED', by: 'ann', at },
  'resume within a limit': { type: 'RESUME_REQUESTED', by: 'ann', limited: true, at },
  'resume allowed': { type: 'RESUME_ALLOWED', at },
  'no pod yet': observed(),
  'pods waiting': observed({ livePods: 2, waiting: unschedulable }),
  'pods running': observed({ livePods: 2, ran: true }),
  'pods stopping': observed({ intent: 2, suspended: true, resourceVersion: '201', livePods: 1 }),
  'pods stopped': observed({ intent: 2, suspended: true, resourceVersion: '201' }),
  'another Kubernetes Job': observed({ kubernetesUid: 'uid-2', ran: true, verdict: { ...succeeded, final: true } }),
  'success, pods ending': observed({ livePods: 1, verdict: { ...succeeded, final: false } }),
  success: observed({ verdict: { ...succeeded, final: true } }),
  failure: observed({ verdict: { ...failed, final: true } }),
  hopeless: observed({ livePods: 1, hopeless: { code: 'IMAGE_PULL_FAILED', message: 'not found' } }),
  gone: { type: 'KUBERNETES_JOB_GONE', kubernetesUid: 'uid-1', message: 'Removed in east', at },
  'another one gone': { type: 'KUBERNETES_JOB_GONE', kubernetesUid: 'uid-2', message: 'Removed in east', at },
  'cluster unreachable': { type: 'CLUSTER_UNREACHABLE', message: 'east does not answer', at },
  'cluster abandoned': { type: 'CLUSTER_ABANDONED', message: 'east was removed', at },
  settled: { type: 'SETTLED', at },
  cleaned: { type: 'CLEANED', at },
} as const satisfies Record<string, JobEvent>;

export type EventName = keyof typeof events;
