import { randomUUID } from 'node:crypto';

import type { CreateJobInput } from '@ccluster/client';
import type { TestEnvironment } from '@ccluster/testkit';

import type { Product } from './product.js';

/** How a simulated pod fares: it succeeds at once, runs for 30 s, or fails now and then. */
export type Fate = 'fast' | 'slow' | 'flaky';

/** The environment with nothing but its simulated nodes to run on. Throws where it has none. */
export function simulatedOnly(environment: TestEnvironment): TestEnvironment {
  const clusters = environment.clusters.map((cluster) => {
    if (cluster.kwok === null) throw new Error(`${cluster.name} has no simulated nodes`);
    // A kind of GPU for each, so that a job can ask for one on any cluster.
    const instanceTypes = cluster.kwok.instanceTypes.map((type) => ({ ...type, gpuType: type['name'] }));
    return { ...cluster, instanceTypes };
  });
  return { ...environment, clusters };
}

/** A job of one task, without logs: a simulated container writes none. It runs on either cluster. */
export function simulatedJob({ environment }: Product, fate: Fate): CreateJobInput {
  return {
    name: `s-${randomUUID().slice(0, 13)}`,
    imageUrl: environment.image.url,
    imageTag: environment.image.tag,
    enableLogging: false,
    placement: { gpuTypes: [`kwok-${fate}`] },
  };
}
