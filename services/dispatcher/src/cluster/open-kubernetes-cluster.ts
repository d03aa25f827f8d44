import { CannotOpen, sealContexts, type ClusterAccess, type Sealer } from '@ccluster/db';
import {
  connectCluster,
  parseClusterCredentials,
  type ClusterAddresses,
  type ClusterCredentials,
} from '@ccluster/kubernetes';
import type { AtRisk } from '@ccluster/runtime';
import type { OpenedCluster } from './cluster-connections.js';
import { ClusterFault } from './cluster-fault.js';
import { createKubernetesClusterWriter } from './kubernetes-cluster-writer.js';
import { writerAtRisk } from './writer-at-risk.js';

/** Each call has this long; several of them fit into one claim. */
const REQUEST_TIMEOUT_MS = 10_000;

interface OwnConfig {
  readonly installation: string;
  readonly clusterAddresses: ClusterAddresses;
}

/** Connects with the credentials that the cluster was registered with. Makes no call yet. Throws a `ClusterFault`. */
export function openKubernetesCluster(
  access: ClusterAccess,
  sealer: Sealer,
  { installation, clusterAddresses }: OwnConfig,
  atRisk: AtRisk<'dispatcher'>,
): OpenedCluster {
  const connection = connectCluster(readCredentials(access, sealer), {
    addresses: clusterAddresses,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    clusterId: access.id,
  });
  const ownership = { installation, clusterId: access.id };
  return {
    writer: writerAtRisk(createKubernetesClusterWriter(connection, ownership, access.systemUid), atRisk),
    close: () => connection.close(),
  };
}

/** Without the key that they are sealed with, the cluster is one that refuses us: it rests, and what is there waits. */
function readCredentials({ id, sealedCredentials }: ClusterAccess, sealer: Sealer): ClusterCredentials {
  try {
    const credentials = sealer.open(sealedCredentials, sealContexts.credentials(id));
    return parseClusterCredentials(JSON.parse(credentials.reveal()));
  } catch (cause) {
    if (!(cause instanceof CannotOpen)) throw cause;
    throw new ClusterFault('CLUSTER_REFUSED', `The credentials cannot be read: ${cause.message}`, { cause });
  }
}
