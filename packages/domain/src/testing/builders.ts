import type { JobObservation } from '../job-event.js';
import type { JobSpec, RequestedPlacement } from '../job-spec.js';
import type { PlacementDecision } from '../job-state.js';

export const anywhere: RequestedPlacement = {
  clusterId: null,
  instanceTypeId: null,
  regions: null,
  gpuTypes: null,
  minGpuCount: null,
  maxPricePerHourCents: null,
};

/** One task that runs anywhere and prints a line. */
export function aJobSpec(overrides: Partial<JobSpec> = {}): JobSpec {
  return {
    name: 'train',
    imageUrl: 'registry.example/train',
    imageTag: '1',
    completions: 1,
    parallelism: 1,
    backoffLimit: 0,
    activeDeadlineSeconds: null,
    command: null,
    argv: ['/bin/sh', '-c', 'echo done'],
    enableLogging: true,
    env: [],
    annotations: [],
    requestedPlacement: anywhere,
    ...overrides,
  };
}

export function aPlacement(overrides: Partial<PlacementDecision> = {}): PlacementDecision {
  return {
    clusterId: 'cl_1',
    clusterName: 'east',
    instanceTypeId: 'it_1',
    instanceTypeName: 'small',
    namespace: 'ccluster-jobs',
    decidedAt: '2026-01-01T00:00:00.000Z',
    explanation: 'small on east',
    ...overrides,
  };
}

/** A Kubernetes Job that was released and of which no pod exists yet. */
export function anObservation(overrides: Partial<JobObservation> = {}): JobObservation {
  return {
    kubernetesUid: 'uid-1',
    resourceVersion: '100',
    intent: 1,
    suspended: false,
    livePods: 0,
    quietSeconds: 0,
    ran: false,
    waiting: null,
    verdict: null,
    hopeless: null,
    ...overrides,
  };
}
