import { namespaceFor, ORGANIZATION_PLACEHOLDER } from '@ccluster/domain';
import { DISPATCHER_PERMISSIONS, watcherPermissions, type Permission } from '../needed-permissions.js';
import { policyRules } from './policy-rules.js';

export interface ManifestOptions {
  /** As the cluster is registered: a name, or a template with `{organization}`. */
  readonly namespace: string;
  /** Where the service accounts are. */
  readonly home: string;
  /** Of a template: whose namespaces are made. */
  readonly organizationIds: readonly string[];
}

/** An object of Kubernetes, as it is applied. */
export type Manifest = Readonly<Record<string, unknown>>;

const RBAC = 'rbac.authorization.k8s.io';

/**
 * All that a cluster needs before it is registered: the namespaces of jobs, an account for each of the two services, and
 * the rights that these need and no others. Cluster-wide names end in the home namespace: a second set beside it does
 * not replace the first. Every Role is bound where it is, so nothing reaches into other namespaces but what only reads.
 */
export function clusterManifest({ namespace, home, organizationIds }: ManifestOptions): Manifest[] {
  const isTemplate = namespace.includes(ORGANIZATION_PLACEHOLDER);
  const namespaces = isTemplate ? organizationIds.map((id) => namespaceFor(namespace, id)) : [namespace];
  const services = [
    { account: 'ccluster-dispatcher', permissions: [...DISPATCHER_PERMISSIONS, ...lookAt([home, ...namespaces])] },
    { account: 'ccluster-watcher', permissions: [...watcherPermissions(namespace), ...COUNT_ROOM] },
  ];
  return [
    ...[...new Set([home, ...namespaces])].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...services.flatMap(({ account, permissions }) => [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: account, namespace: home },
        automountServiceAccountToken: false,
      },
      ...inWholeCluster(account, home, permissions),
      ...namespaces.flatMap((each) => inNamespace(account, home, each, permissions)),
    ]),
  ];
}

/** With these a missing namespace can be told from missing permissions in it. */
function lookAt(namespaces: readonly string[]): Permission[] {
  return namespaces.map((object) => ({ verb: 'get', group: '', resource: 'namespaces', clusterWide: true, object }));
}

/** Without them everything else works, and how much room there is counts as not known. */
const COUNT_ROOM: readonly Permission[] = ['list', 'watch'].map((verb) => ({
  verb,
  group: '',
  resource: 'pods',
  clusterWide: true,
}));

function inWholeCluster(account: string, home: string, permissions: readonly Permission[]): Manifest[] {
  const name = `${account}-${home}`;
  const rules = policyRules(permissions.filter(({ clusterWide }) => clusterWide === true));
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: home }],
    },
  ];
}

function inNamespace(account: string, home: string, namespace: string, permissions: readonly Permission[]): Manifest[] {
  const metadata = { name: account, namespace };
  const rules = policyRules(permissions.filter(({ clusterWide }) => clusterWide !== true));
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: home }],
    },
  ];
}
