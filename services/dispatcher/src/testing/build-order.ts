import type { JobSpec } from '@ccluster/domain';
import { aJobSpec } from '@ccluster/testkit';
import type { JobOrder, OrderedInstanceType } from '../cluster/cluster-writer.js';

/** A job that asks for nothing that it need not. */
export function aSpec(overrides: Partial<JobSpec> = {}): JobSpec {
  return aJobSpec({ argv: [], enableLogging: false, ...overrides });
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
    inherited: null,
    instanceType: anOrderedInstanceType(),
    ...overrides,
  };
}
