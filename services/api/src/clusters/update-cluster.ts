import { changeCluster, findStoredCredentials, withTransaction, type ClusterRow } from '@ccluster/db';
import { DomainError, parseClusterChange } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import type { MutationServices } from '../access/audit/audit.js';
import { requireRole, type Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import { getOwnCluster, noCluster } from './get-own-cluster.js';
import { parseCredentials } from './parse-credentials.js';
import { proveCredentials, type GivenCredentials } from './prove-credentials.js';
import { isShared, sealCredentials } from './seal-credentials.js';
import type { UpdateClusterInput } from './update-cluster.input.js';

/**
 * Changes a cluster. New credentials are stored only once they have proved to work, for this same cluster; dispatchers
 * and watchers go on with them within seconds. Throws BAD_USER_INPUT, NOT_FOUND, KUBECONFIG_REFUSED, CLUSTER_UNREACHABLE,
 * CLUSTER_REFUSED, CLUSTER_LACKS_PERMISSION, CLUSTER_MISMATCH, FORBIDDEN.
 */
export async function updateCluster(
  services: MutationServices,
  principal: Principal,
  id: string,
  unsafeInput: UpdateClusterInput,
): Promise<ClusterRow> {
  requireRole(principal, 'ADMIN');
  const change = parseClusterChange(unsafeInput);
  const given = parseGiven(unsafeInput);
  const cluster = await getOwnCluster(services, principal, id);
  const proved = await prove(services, principal, cluster, given);
  await withTransaction(services.database, async (tx) => {
    if (!(await changeCluster(tx, id, { ...change, ...proved }))) throw noCluster(id);
    await services.audit.record(tx, id);
  });
  await services.publish(topics.clusters, { clusterId: id });
  return getOwnCluster(services, principal, id);
}

function parseGiven({ credentials, readerCredentials }: UpdateClusterInput): GivenCredentials {
  return {
    ...(credentials ? { credentials: parseCredentials('credentials', credentials) } : {}),
    ...(readerCredentials ? { reader: parseCredentials('readerCredentials', readerCredentials) } : {}),
  };
}

async function prove(
  { database, sealer, clusterAddresses }: Services,
  { organizationId }: Principal,
  { id, namespace: template }: ClusterRow,
  given: GivenCredentials,
): Promise<Partial<Parameters<typeof changeCluster>[2]>> {
  if (given.credentials === undefined && given.reader === undefined) return {};
  const stored = await findStoredCredentials(database.db, id);
  if (stored === undefined) throw noCluster(id);
  const goesTogether = given.reader === undefined && isShared(sealer, id, stored);
  const all = goesTogether ? { ...given, reader: given.credentials } : given;
  const identity = await proveCredentials(all, { addresses: clusterAddresses, template, organizationId });
  if (identity.systemUid !== stored.systemUid) {
    throw new DomainError('CLUSTER_MISMATCH', 'The credentials are for another cluster than the one registered');
  }
  const { credentials, reader } = all;
  return {
    kubernetesVersion: identity.version,
    ...(credentials && { credentials: sealCredentials(sealer, id, 'credentials', credentials) }),
    ...(reader && { readerCredentials: sealCredentials(sealer, id, 'readerCredentials', reader) }),
  };
}
