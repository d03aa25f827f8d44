import { CreateInstanceTypeDocument, type CreateInstanceTypeInput } from '@ccluster/client';
import type { TestCluster } from '@ccluster/testkit';
import type pg from 'pg';

import type { Platform } from '../../../support/platform.js';
import { createRandom, type Random } from '../../random.js';
import { Churn } from './churn.js';
import { ClusterTruth } from './cluster-truth.js';
import type { Disruptor } from './disruptor.js';
import { Lag } from './lag.js';

const KUBELET_PARALLELISM = 4;
const KWOK_PARALLELISM = 10;

/** One cluster of the scenario: what breaks it, what happens in it, and what it says itself. */
export interface Site {
  readonly cluster: TestCluster;
  readonly clusterId: string;
  readonly disruptor: Disruptor;
  readonly truth: ClusterTruth;
  readonly lag: Lag;
  readonly churn: Churn;
  readonly random: Random;
}

export async function openSite(
  platform: Platform,
  cluster: TestCluster,
  { disruptor, database, seed }: { readonly disruptor: Disruptor; readonly database: pg.Pool; readonly seed: number },
): Promise<Site> {
  const { client, clusterIds, env, environment } = platform;
  const clusterId = clusterIds.get(cluster.name) ?? '';
  const lag = new Lag(database);
  const truth = await ClusterTruth.start(cluster.kubeconfig, env.CCLUSTER_INSTALLATION, lag);
  const churn = new Churn({
    client,
    truth,
    input: {
      imageUrl: environment.image.url,
      imageTag: environment.image.tag,
      placement: { clusterId, instanceTypeId: await createKwokType(platform, cluster, clusterId) },
    },
    parallelism: cluster.kwok === null ? KUBELET_PARALLELISM : KWOK_PARALLELISM,
  });
  return { cluster, clusterId, disruptor, truth, lag, churn, random: createRandom(seed) };
}

/** Where there are nodes on which pods only seem to run. */
async function createKwokType(
  { client }: Platform,
  { kwok }: TestCluster,
  clusterId: string,
): Promise<string | undefined> {
  const [instanceType] = kwok?.instanceTypes ?? [];
  if (instanceType === undefined) return undefined;
  const input = { ...instanceType, clusterId } as CreateInstanceTypeInput;
  return (await client.transport.request(CreateInstanceTypeDocument, { input })).createInstanceType.id;
}
