import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import {
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  loadAllYaml,
  type KubernetesObject,
} from '@kubernetes/client-node';
import type { TestCluster } from '@ccluster/testkit';

/** A namespace of its own in a real cluster, with what the manifest grants there and no more. */
export interface GrantedCluster {
  readonly namespace: string;
  /** New credentials of both services, as inputs; they work until they are revoked. */
  newCredentials(label: string): Promise<{ readonly credentials: object; readonly readerCredentials: object }>;
  /** Those of that label are not known to the cluster any more. */
  revoke(label: string): Promise<void>;
  delete(): Promise<void>;
}

const ACCOUNTS = { credentials: 'ccluster-dispatcher', readerCredentials: 'ccluster-watcher' } as const;
const PRINT = fileURLToPath(new URL('../../../services/api/dist/print-cluster-manifest.js', import.meta.url));

/** Does what an operator does: applies what the command prints, and makes tokens. */
export async function grantCluster({ kubeconfig }: TestCluster): Promise<GrantedCluster> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const namespace = `t-${randomBytes(6).toString('hex')}`;
  const { stdout } = await promisify(execFile)(process.execPath, [PRINT, '--namespace', namespace]);
  const manifests = loadAllYaml(stdout) as KubernetesObject[];
  for (const manifest of manifests) await objects.create(manifest);
  const server = config.getCurrentCluster();
  if (server === null) throw new Error('The kubeconfig has no current cluster');
  const caCertificate = Buffer.from(server.caData ?? '', 'base64').toString('utf8') || readCa(server.caFile);

  const token = async (name: string, secret: string): Promise<string> => {
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: secret };
    const body = { spec: { audiences: [], expirationSeconds: 3_600, boundObjectRef } };
    const { status } = await core.createNamespacedServiceAccountToken({ namespace, name, body });
    return status?.token ?? '';
  };
  const credentialsOf = async (account: string, secret: string) => ({
    server: server.server,
    caCertificate,
    bearerToken: await token(account, secret),
  });
  return {
    namespace,
    newCredentials: async (label) => {
      // A token that is bound to a Secret ends with it.
      await core.createNamespacedSecret({ namespace, body: { metadata: { name: label } } });
      return {
        credentials: await credentialsOf(ACCOUNTS.credentials, label),
        readerCredentials: await credentialsOf(ACCOUNTS.readerCredentials, label),
      };
    },
    revoke: async (label) => void (await core.deleteNamespacedSecret({ namespace, name: label })),
    delete: async () => {
      for (const manifest of manifests.toReversed()) await objects.delete(manifest);
    },
  };
}

function readCa(file: string | undefined): string {
  return file === undefined ? '' : readFileSync(file, 'utf8');
}
