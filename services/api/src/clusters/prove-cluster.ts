import { DomainError, InputRefused } from '@ccluster/domain';
import {
  connectCluster,
  readClusterIdentity,
  toKubernetesFault,
  type ClusterAddresses,
  type ClusterConnection,
  type ClusterCredentials,
  type ClusterIdentity,
  type KubernetesFault,
} from '@ccluster/kubernetes';
import { describePermission, type Permission } from './needed-permissions.js';

const REQUEST_TIMEOUT_MS = 10_000;
/** All answers of a proof together are far shorter, and two dozen are awaited at a time, from whoever it may be. */
const MAX_CONNECTION_BYTES = 512 * 1024;

/** Kubernetes 1.31: in older ones a Job says otherwise, or later, that it has ended, and fields of ours are missing. */
const OLDEST_MINOR = 31;

export interface Proof {
  /** Who the credentials are for, as the caller knows it: `credentials` or `readerCredentials`. */
  readonly field: string;
  readonly addresses: ClusterAddresses;
  /** Where jobs will run. */
  readonly namespace: string;
  readonly permissions: readonly Permission[];
}

/**
 * Shows that credentials work, by using them: the cluster answers, the namespace is there, and each permission is
 * granted. Nothing is changed in the cluster, and no call is repeated. Throws KUBECONFIG_REFUSED for an address that is
 * not allowed, CLUSTER_UNREACHABLE, CLUSTER_REFUSED, CLUSTER_LACKS_PERMISSION with each one missing, BAD_USER_INPUT for a namespace that is not there
 * and for a version that is too old.
 */
export async function proveCluster(credentials: ClusterCredentials, proof: Proof): Promise<ClusterIdentity> {
  const connection = connectCluster(credentials, {
    addresses: proof.addresses,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    maxConnectionBytes: MAX_CONNECTION_BYTES,
  });
  try {
    const missing = await findMissingPermissions(connection, proof);
    // What is missing in a namespace that is not there follows from that.
    await checkNamespace(connection, proof.namespace);
    if (missing.length > 0) throw lacksPermissions(missing, proof);
    const identity = await readClusterIdentity(connection);
    if (!isRecentEnough(identity.version)) throw new InputRefused([tooOld(identity.version, proof.field)]);
    return identity;
  } catch (error) {
    throw toCallersError(error, proof.field);
  } finally {
    await connection.close();
  }
}

async function findMissingPermissions(
  connection: ClusterConnection,
  { namespace, permissions }: Proof,
): Promise<Permission[]> {
  const granted = await Promise.all(permissions.map((permission) => isGranted(connection, namespace, permission)));
  return permissions.filter((_, i) => !granted[i]);
}

function lacksPermissions(missing: readonly Permission[], { field, namespace }: Proof): DomainError {
  const named = (where: string, isClusterWide: boolean) => {
    const some = missing.filter((permission) => (permission.clusterWide ?? false) === isClusterWide);
    return some.length === 0 ? [] : [`${where}: ${some.map(describePermission).join(', ')}`];
  };
  const all = [...named(`in namespace ${namespace}`, false), ...named('in the whole cluster', true)];
  return new DomainError('CLUSTER_LACKS_PERMISSION', `The ${field} lack permissions ${all.join('; ')}`);
}

async function isGranted(connection: ClusterConnection, namespace: string, permission: Permission): Promise<boolean> {
  const { verb, group, clusterWide, object } = permission;
  const [resource = '', subresource] = permission.resource.split('/', 2);
  const resourceAttributes = {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(clusterWide ? {} : { namespace }),
    ...(object === undefined ? {} : { name: object }),
  };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const review = await connection.authorization.createSelfSubjectAccessReview({ body }, connection.callOptions({}));
  return review.status?.allowed === true;
}

async function checkNamespace(connection: ClusterConnection, namespace: string): Promise<void> {
  try {
    await connection.getJson(`/api/v1/namespaces/${namespace}`, {});
  } catch (error) {
    const { kind } = toKubernetesFault(error);
    // Whoever may act in a namespace need not be allowed to look at it.
    if (kind === 'FORBIDDEN') return;
    if (kind === 'NOT_FOUND') throw new InputRefused([namespaceMissing(namespace)]);
    throw error;
  }
}

function namespaceMissing(namespace: string) {
  const message = `namespace must exist in the cluster: create it with "kubectl create namespace ${namespace}" and grant the permissions there`;
  return { path: ['namespace'], code: 'INVALID', message };
}

/** Exported for its table. */
export function isRecentEnough(version: string): boolean {
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4})/.exec(version) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= OLDEST_MINOR);
}

function tooOld(version: string, field: string) {
  const message = `${field} must be for a cluster of Kubernetes 1.${OLDEST_MINOR} or newer; this one is ${version}`;
  return { path: [field], code: 'INVALID', message };
}

function toCallersError(error: unknown, field: string): Error {
  if (error instanceof DomainError || error instanceof InputRefused) return error;
  const fault = toKubernetesFault(error);
  return new DomainError(codeOf(fault), `With the ${field}: ${fault.message}`);
}

function codeOf({ kind, reason }: KubernetesFault): DomainError['code'] {
  if (reason === 'ADDRESS_NOT_ALLOWED') return 'KUBECONFIG_REFUSED';
  if (kind === 'UNAUTHORIZED') return 'CLUSTER_REFUSED';
  return kind === 'FORBIDDEN' ? 'CLUSTER_LACKS_PERMISSION' : 'CLUSTER_UNREACHABLE';
}
