import { DomainError, namespaceFor } from '@ccluster/domain';
import type { ClusterAddresses, ClusterCredentials, ClusterIdentity } from '@ccluster/kubernetes';
import { DISPATCHER_PERMISSIONS, watcherPermissions } from './needed-permissions.js';
import { proveCluster, type Proof } from './prove-cluster.js';

/** One of the two, or both. */
export interface GivenCredentials {
  /** The dispatcher's. */
  readonly credentials?: ClusterCredentials | undefined;
  /** The watcher's. */
  readonly reader?: ClusterCredentials | undefined;
}

interface Where {
  readonly addresses: ClusterAddresses;
  /** The namespace of jobs; where each organization has its own, that of the caller's stands for all. */
  readonly template: string;
  readonly organizationId: string;
}

/**
 * Proves what is given, for the service that is to use it. Throws what `proveCluster` throws, and CLUSTER_MISMATCH where
 * the two are for different clusters.
 */
export async function proveCredentials(
  { credentials, reader }: GivenCredentials,
  { addresses, template, organizationId }: Where,
): Promise<ClusterIdentity> {
  const where = { addresses, namespace: namespaceFor(template, organizationId) };
  const proofs: [ClusterCredentials | undefined, Proof][] = [
    [credentials, { ...where, field: 'credentials', permissions: DISPATCHER_PERMISSIONS }],
    [reader, { ...where, field: 'readerCredentials', permissions: watcherPermissions(template) }],
  ];
  const identities = await Promise.all(
    proofs.flatMap(([given, proof]) => (given === undefined ? [] : [proveCluster(given, proof)])),
  );
  const [first, second = first] = identities;
  if (first === undefined) throw new Error('No credentials were given to prove');
  if (first.systemUid === second?.systemUid) return first;
  throw new DomainError('CLUSTER_MISMATCH', 'The credentials and the readerCredentials are for different clusters');
}
