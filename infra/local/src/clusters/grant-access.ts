import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { KubeConfig } from '@kubernetes/client-node';

import type { LocalContext } from '../support/context.js';
import { loadAdminKubeconfig } from './admin-kubeconfig.js';
import { applyManifests, readManifests, type Manifest } from './apply-manifests.js';
import type { EnvironmentCluster } from './cluster.js';
import { createServiceAccountKubeconfig } from './service-account-kubeconfig.js';

/** A cluster with the credentials of its two services, each with the rights of infra/rbac and no more. */
export interface AccessibleCluster extends EnvironmentCluster {
  dispatcherKubeconfigPath: string;
  watcherKubeconfigPath: string;
  /** Where its jobs run. */
  namespace: string;
}

/** Applies infra/rbac to a cluster and writes kubeconfigs for the service accounts found in it. */
export async function grantAccess(context: LocalContext, cluster: EnvironmentCluster): Promise<AccessibleCluster> {
  const admin = loadAdminKubeconfig(cluster.kubeconfigPath, context.signal);
  const manifests = readManifests(join(context.repoDir, 'infra', 'rbac'));
  await applyManifests(admin, manifests);
  const { namespace } = findAccount(manifests, 'dispatcher');
  const write = (service: string): Promise<string> =>
    writeKubeconfig(context, cluster, admin, findAccount(manifests, service));
  return {
    ...cluster,
    dispatcherKubeconfigPath: await write('dispatcher'),
    watcherKubeconfigPath: await write('watcher'),
    namespace,
  };
}

function findAccount(manifests: readonly Manifest[], service: string): { name: string; namespace: string } {
  const account = manifests.find(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name.endsWith(service));
  if (account?.metadata.namespace === undefined) throw new Error(`infra/rbac has no ServiceAccount for the ${service}`);
  return { name: account.metadata.name, namespace: account.metadata.namespace };
}

async function writeKubeconfig(
  { localDir }: LocalContext,
  cluster: EnvironmentCluster,
  admin: KubeConfig,
  account: { name: string; namespace: string },
): Promise<string> {
  const dir = join(localDir, 'access', cluster.name);
  const path = join(dir, `${account.name}.kubeconfig`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(path, await createServiceAccountKubeconfig(admin, account), { mode: 0o600 });
  return path;
}
