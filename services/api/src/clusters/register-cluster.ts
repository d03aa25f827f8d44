import {
  findClusters,
  insertCluster,
  uniqueViolation,
  withTransaction,
  type ClusterRow,
  type NewCluster,
  type Queryable,
} from '@ccluster/db';
import { DomainError, InputRefused, newId, parseRegisterCluster, type ClusterRegistration } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import type { MutationServices } from '../access/audit/audit.js';
import { requireRole, type Principal } from '../access/principal.js';
import { parseCredentials } from './parse-credentials.js';
import { proveCredentials } from './prove-credentials.js';
import type { RegisterClusterInput } from './register-cluster.input.js';
import { sealCredentials } from './seal-credentials.js';

/**
 * Registers a cluster whose credentials have proved to work. Throws BAD_USER_INPUT, KUBECONFIG_REFUSED,
 * CLUSTER_UNREACHABLE, CLUSTER_REFUSED, CLUSTER_LACKS_PERMISSION, CLUSTER_MISMATCH (the two credentials are for
 * different clusters), CLUSTER_EXISTS, FORBIDDEN.
 */
export async function registerCluster(
  { database, sealer, clock, publish, clusterAddresses, audit }: MutationServices,
  principal: Principal,
  unsafeInput: RegisterClusterInput,
): Promise<ClusterRow> {
  requireRole(principal, unsafeInput.managed ? 'OPERATOR' : 'ADMIN');
  const registration = parseRegisterCluster(unsafeInput);
  const credentials = parseCredentials('credentials', unsafeInput.credentials);
  const reader = unsafeInput.readerCredentials
    ? parseCredentials('readerCredentials', unsafeInput.readerCredentials)
    : credentials;
  const identity = await proveCredentials(
    { credentials, reader },
    { addresses: clusterAddresses, template: registration.namespace, organizationId: principal.organizationId },
  );
  const id = newId('cl', clock.nowMs(), (bytes) => crypto.getRandomValues(bytes));
  const { managed, ...described } = registration;
  const cluster = {
    ...described,
    id,
    organizationId: managed ? null : principal.organizationId,
    systemUid: identity.systemUid,
    kubernetesVersion: identity.version,
    credentials: sealCredentials(sealer, id, 'credentials', credentials),
    readerCredentials: sealCredentials(sealer, id, 'readerCredentials', reader),
  } satisfies NewCluster;
  const store = async (tx: Queryable) => {
    await insertCluster(tx, cluster);
    await audit.record(tx, id);
  };
  await withTransaction(database, store).catch((error: unknown) => {
    throw toCallersError(error, registration);
  });
  await publish(topics.clusters, { clusterId: id });
  const [registered] = await findClusters(database.db, principal.organizationId, [id]);
  if (registered === undefined) throw new Error(`The cluster ${id} has no row right after it was registered`);
  return registered;
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
