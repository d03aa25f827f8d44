import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { advertiseGpus } from '../clusters/advertise-gpus.js';
import type { ClustersWithImages, EnvironmentCluster } from '../clusters/cluster.js';
import { pushImages } from '../images/push-images.js';
import { keptRegistryCredentials } from '../images/registry-credentials.js';
import { allOrFirstFailure } from '../support/all-or-first-failure.js';
import type { LocalContext } from '../support/context.js';
import { dockerBusyboxEntries } from './busybox.js';
import type { Compose } from './compose.js';

const CLUSTERS = [
  { name: 'local-east', region: 'us-east' },
  { name: 'local-west', region: 'us-west' },
] as const;
const GPUS_PER_CLUSTER = 8;

/** Two k3s clusters and two registries that they pull from, as containers. */
export async function startComposeKubernetes(context: LocalContext, compose: Compose): Promise<ClustersWithImages> {
  await compose.up(['registry-open', 'registry-locked', ...CLUSTERS.map(({ name }) => name)]);
  const { openRegistry, lockedRegistry } = compose.ports;
  const registries = {
    open: { url: `http://127.0.0.1:${openRegistry}` },
    locked: { url: `http://127.0.0.1:${lockedRegistry}`, credentials: keptRegistryCredentials(context) },
  };
  const [clusters, images] = await allOrFirstFailure([
    Promise.all(CLUSTERS.map((cluster) => prepareCluster(context, compose, cluster))),
    dockerBusyboxEntries(context).then((system) => pushImages(registries, system, context.signal)),
  ] as const);
  return { clusters, ...images };
}

async function prepareCluster(
  context: LocalContext,
  compose: Compose,
  { name, region }: (typeof CLUSTERS)[number],
): Promise<EnvironmentCluster> {
  const kubeconfigPath = join(context.localDir, 'clusters', name, 'admin.kubeconfig');
  const kubeconfig = await compose.exec(name, ['cat', '/etc/rancher/k3s/k3s.yaml']);
  mkdirSync(join(kubeconfigPath, '..'), { recursive: true });
  writeFileSync(kubeconfigPath, kubeconfig.replace('127.0.0.1:6443', `127.0.0.1:${compose.ports[name]}`), {
    mode: 0o600,
  });
  await advertiseGpus(kubeconfigPath, GPUS_PER_CLUSTER, context.signal);
  return { name, region, kubeconfigPath };
}
