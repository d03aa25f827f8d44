import {
  findClusters,
  insertCluster,
  namespaceFor,
  uniqueViolation,
  type ClusterRow,
  type NewCluster,
  type Sealer,
} from '@ccluster/db';
import {
  DomainError,
  InputRefused,
  newId,
  parseRegisterCluster,
  SecretText,
  type ClusterRegistration,
} from '@ccluster/domain';
import type { ClusterAddresses, ClusterCredentials, ClusterIdentity } from '@ccluster/kubernetes';
import { topics } from '@ccluster/messaging';
import { requireRole, type Principal } from '../access/principal.js';
import type { Services } from '../services.js';
import { DISPATCHER_PERMISSIONS, WATCHER_PERMISSIONS } from './needed-permissions.js';
import { parseCredentials } from './parse-credentials.js';
import { proveCluster } from './prove-cluster.js';
import type { RegisterClusterInput } from './register-cluster.input.js';

/**
 * Registers a cluster whose credentials have proved to work. Throws BAD_USER_INPUT, KUBECONFIG_REFUSED,
 * CLUSTER_UNREACHABLE, CLUSTER_REFUSED, CLUSTER_LACKS_PERMISSION, CLUSTER_MISMATCH (the two credentials are for
 * different clusters), CLUSTER_EXISTS, FORBIDDEN.
 */
export async function registerCluster(
  { database, sealer, clock, publish, clusterAddresses }: Services,
  principal: Principal,
  unsafeInput: RegisterClusterInput,
): Promise<ClusterRow> {
  requireRole(principal, unsafeInput.managed ? 'OPERATOR' : 'ADMIN');
  const registration = parseRegisterCluster(unsafeInput);
  const credentials = parseCredentials('credentials', unsafeInput.credentials);
  const reader = unsafeInput.readerCredentials
    ? parseCredentials('readerCredentials', unsafeInput.readerCredentials)
    : credentials;
  const namespace = namespaceFor(registration.namespace, principal.organizationId);
  const identity = await proveBoth(credentials, reader, { addresses: clusterAddresses, namespace });
  const id = newId('cl', clock.nowMs(), (bytes) => crypto.getRandomValues(bytes));
  const { managed, ...described } = registration;
  await insertCluster(database.db, {
    ...described,
    id,
    organizationId: managed ? null : principal.organizationId,
    systemUid: identity.systemUid,
    kubernetesVersion: identity.version,
    credentials: sealCredentials(sealer, credentials, `clusters:${id}:credentials`),
    readerCredentials: sealCredentials(sealer, reader, `clusters:${id}:reader`),
  } satisfies NewCluster).catch((error: unknown) => {
    throw toCallersError(error, registration);
  });
  await publish(topics.clusters, { clusterId: id });
  const [cluster] = await findClusters(database.db, principal.organizationId, [id]);
  if (cluster === undefined) throw new Error(`The cluster ${id} has no row right after it was registered`);
  return cluster;
}

async function proveBoth(
  credentials: ClusterCredentials,
  reader: ClusterCredentials,
  where: { readonly addresses: ClusterAddresses; readonly namespace: string },
): Promise<ClusterIdentity> {
  const [identity, readerIdentity] = await Promise.all([
    proveCluster(credentials, { ...where, field: 'credentials', permissions: DISPATCHER_PERMISSIONS }),
    proveCluster(reader, { ...where, field: 'readerCredentials', permissions: WATCHER_PERMISSIONS }),
  ]);
  if (identity.systemUid === readerIdentity.systemUid) return identity;
  throw new DomainError('CLUSTER_MISMATCH', 'The credentials and the readerCredentials are for different clusters');
}

function sealCredentials(sealer: Sealer, credentials: ClusterCredentials, context: string): Buffer {
  return sealer.seal(new SecretText(JSON.stringify(credentials)), context);
}

function toCallersError(error: unknown, { name, namespace }: ClusterRegistration): unknown {
  const constraint = uniqueViolation(error);
  if (constraint === 'clusters_identity') {
    return new DomainError('CLUSTER_EXISTS', `This cluster is registered with the namespace ${namespace} already`);
  }
  if (constraint !== 'clusters_name') return error;
  const message = `name must be unique among the owner's clusters; got ${JSON.stringify(name)}`;
  return new InputRefused([{ path: ['name'], code: 'INVALID', message }]);
}
