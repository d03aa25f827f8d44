import { sealContexts, type ClusterAccess, type Sealer } from '@ccluster/db';
import { connectCluster, type ClusterAddresses, parseClusterCredentials } from '@ccluster/kubernetes';
import type { AtRisk } from '@ccluster/runtime';
import type { OpenedCluster } from './cluster-connections.js';
import { createKubernetesClusterWriter } from './kubernetes-cluster-writer.js';
import { writerAtRisk } from './writer-at-risk.js';

/** Each call has this long; several of them fit into one claim. */
const REQUEST_TIMEOUT_MS = 10_000;

interface OwnConfig {
  readonly installation: string;
  readonly clusterAddresses: ClusterAddresses;
}

/** Connects with the credentials that the cluster was registered with. Makes no call yet. */
export function openKubernetesCluster(
  access: ClusterAccess,
  sealer: Sealer,
  { installation, clusterAddresses }: OwnConfig,
  atRisk: AtRisk<'dispatcher'>,
): OpenedCluster {
  const credentials = sealer.open(access.sealedCredentials, sealContexts.credentials(access.id));
  const connection = connectCluster(parseClusterCredentials(JSON.parse(credentials.reveal())), {
    addresses: clusterAddresses,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
  const ownership = { installation, clusterId: access.id };
  return {
    writer: writerAtRisk(createKubernetesClusterWriter(connection, ownership, access.systemUid), atRisk),
    close: () => connection.close(),
  };
}
