import { randomUUID } from 'node:crypto';

import type { CreateJobInput } from '@ccluster/client';
import type { TestCluster, TestEnvironment } from '@ccluster/testkit';

import type { Product } from './product.js';

/** How a simulated pod fares: it succeeds at once, runs for 30 s, or fails now and then. */
export type Fate = 'fast' | 'slow' | 'flaky';

/** Above the price of any real node's instance type. */
const SIMULATED_PRICE_CENTS = 1_000_000;
/** Where there are simulated nodes as well: keeps a job, which is to write something, from them. */
export const ON_REAL_NODES = { maxPricePerHourCents: SIMULATED_PRICE_CENTS - 1 } as const;

/** The environment with nothing but its simulated nodes to run on. Throws where it has none. */
export function simulatedOnly(environment: TestEnvironment): TestEnvironment {
  return withTypes(environment, simulatedTypes);
}

/** The environment with its simulated nodes too. Throws where it has none. */
export function simulatedToo(environment: TestEnvironment): TestEnvironment {
  return withTypes(environment, (cluster) => [...cluster.instanceTypes, ...simulatedTypes(cluster)]);
}

function withTypes(
  environment: TestEnvironment,
  typesOf: (cluster: TestCluster) => TestCluster['instanceTypes'],
): TestEnvironment {
  const clusters = environment.clusters.map((cluster) => ({ ...cluster, instanceTypes: typesOf(cluster) }));
  return { ...environment, clusters };
}

function simulatedTypes({ name, kwok }: TestCluster): TestCluster['instanceTypes'] {
  if (kwok === null) throw new Error(`${name} has no simulated nodes`);
  // A kind of GPU for each, so that a job can ask for one on any cluster.
  return kwok.instanceTypes.map((type) => ({
    ...type,
    gpuType: type['name'],
    pricePerHourCents: SIMULATED_PRICE_CENTS,
  }));
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
