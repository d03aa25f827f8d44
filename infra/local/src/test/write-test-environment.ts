import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EnvironmentCluster } from '../clusters/cluster.js';
import { grantAccess } from '../clusters/grant-access.js';
import { proposeInstanceTypes } from '../clusters/propose-instance-types.js';
import { readNodes } from '../clusters/read-nodes.js';
import type { Environment } from '../environment.js';
import { buildKwok } from '../simulator/build-kwok.js';
import { startSimulator } from '../simulator/start-simulator.js';
import type { LocalContext } from '../support/context.js';
import { startFaultServer } from './fault-server.js';
import { provideStrace } from './provide-strace.js';

/** Prepares the clusters for tests and writes what the testkit reads; gives the file's path. */
export async function writeTestEnvironment(context: LocalContext, environment: Environment): Promise<string> {
  const { faultTargets } = environment;
  const tools = await provideTools(context, environment);
  const path = join(context.localDir, 'test', 'environment.json');
  const description = {
    databaseUrl: environment.databaseUrl,
    redisUrl: environment.redisUrl,
    clusters: await Promise.all(environment.clusters.map((cluster) => describeCluster(context, cluster, tools?.kwok))),
    image: environment.image,
    privateImage: environment.privateImage,
    strace: tools?.strace ?? null,
    faultsUrl: Object.keys(faultTargets).length === 0 ? null : await startFaultServer(context, faultTargets),
  };
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, JSON.stringify(description, null, 2), { mode: 0o600 });
  return path;
}

/** What only clusters of our own are tested with. */
async function provideTools(context: LocalContext, { clusters }: Environment) {
  if (clusters.every(({ processes }) => processes === undefined)) return undefined;
  return { strace: await provideStrace(context), kwok: await buildKwok(context) };
}

async function describeCluster(
  context: LocalContext,
  cluster: EnvironmentCluster,
  kwok: string | undefined,
): Promise<object> {
  const { dispatcherKubeconfigPath, watcherKubeconfigPath } = await grantAccess(context, cluster);
  cluster.processes?.onNewData(async () => void (await grantAccess(context, cluster)));
  return {
    name: cluster.name,
    region: cluster.region,
    kubeconfig: cluster.kubeconfigPath,
    dispatcherKubeconfig: dispatcherKubeconfigPath,
    watcherKubeconfig: watcherKubeconfigPath,
    instanceTypes: proposeInstanceTypes(await readNodes(cluster.kubeconfigPath, context.signal)),
    auditLog: cluster.processes?.auditLog ?? null,
    hostAddress: cluster.processes?.hostAddress ?? null,
    kwok: kwok === undefined ? null : await startSimulator(context, kwok, cluster),
  };
}
