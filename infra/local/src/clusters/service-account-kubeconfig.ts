import { readFileSync } from 'node:fs';

import { CoreV1Api, type Cluster, type KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';

/** A cluster of the user may shorten it. */
const TOKEN_SECONDS = 30 * 24 * 3600;

/** A kubeconfig, as text, with which one is the given service account and nobody else. */
export async function createServiceAccountKubeconfig(
  admin: KubeConfig,
  account: { name: string; namespace: string },
): Promise<string> {
  const cluster = admin.getCurrentCluster();
  if (cluster === null) throw new Error('the admin kubeconfig has no current context');
  const { status } = await admin.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken({
    ...account,
    body: { spec: { audiences: [], expirationSeconds: TOKEN_SECONDS } },
  });
  if (status === undefined) throw new Error(`no token for service account ${account.namespace}/${account.name}`);
  const name = 'ccluster';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server: cluster.server, 'certificate-authority-data': certificateAuthority(cluster) } },
    ],
    users: [{ name, user: { token: status.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

/** Base64 of PEM; undefined where the system's own authorities are meant. */
function certificateAuthority({ caData, caFile }: Cluster): string | undefined {
  return caData ?? (caFile === undefined ? undefined : readFileSync(caFile, 'base64'));
}
