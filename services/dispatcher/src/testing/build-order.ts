import type { JobSpec } from '@ccluster/domain';
import type { JobOrder, OrderedInstanceType } from '../cluster/cluster-writer.js';

/** The smallest job: one task, nothing optional. */
export function aSpec(overrides: Partial<JobSpec> = {}): JobSpec {
  return {
    name: 'train',
    imageUrl: 'registry.example.com/team/image',
    imageTag: 'v1',
    completions: 1,
    parallelism: 1,
    backoffLimit: 3,
    activeDeadlineSeconds: null,
    command: null,
    argv: [],
    enableLogging: false,
    env: [],
    annotations: [],
    requestedPlacement: {
      clusterId: null,
      instanceTypeId: null,
      regions: null,
      gpuTypes: null,
      minGpuCount: null,
      maxPricePerHourCents: null,
    },
    ...overrides,
  };
}

/** One without GPUs, anywhere. */
export function anOrderedInstanceType(overrides: Partial<OrderedInstanceType> = {}): OrderedInstanceType {
  return {
    acceleratorResource: 'nvidia.com/gpu',
    gpuCount: 0,
    cpuMillicores: 500,
    memoryMib: 256,
    sharedMemoryMib: 0,
    nodeSelector: {},
    tolerations: [],
    ...overrides,
  };
}

export const JOB_ID = 'job_01arz3ndektsv4rrffq69g5fav';

export function anOrder(overrides: Partial<JobOrder> = {}): JobOrder {
  return {
    jobId: JOB_ID,
    epoch: 3,
    namespace: 'jobs',
    spec: aSpec(),
    hasImagePullSecret: false,
    instanceType: anOrderedInstanceType(),
    ...overrides,
  };
}
