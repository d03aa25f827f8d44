/** One thing that credentials must be allowed to do. */
export interface Permission {
  readonly verb: string;
  /** '' is the core group. */
  readonly group: '' | 'batch';
  /** With its subresource, if one is meant: `pods/log`. */
  readonly resource: string;
  /** In the whole cluster, not only in the namespace of jobs. */
  readonly clusterWide?: boolean;
  /** Of one object, in its own namespace. */
  readonly object?: string;
}

function all(group: Permission['group'], resource: string, ...verbs: readonly string[]): Permission[] {
  return verbs.map((verb) => ({ verb, group, resource }));
}

/** The uid of kube-system is the cluster's identity. */
const readIdentity: Permission = {
  verb: 'get',
  group: '',
  resource: 'namespaces',
  clusterWide: true,
  object: 'kube-system',
};

/** What `infra/rbac/dispatcher.yaml` grants. */
export const DISPATCHER_PERMISSIONS: readonly Permission[] = [
  readIdentity,
  ...all('batch', 'jobs', 'create', 'get', 'list', 'patch', 'delete'),
  ...all('batch', 'jobs/status', 'patch'),
  ...all('', 'secrets', 'create', 'delete'),
  ...all('', 'pods', 'get', 'list'),
];

/** What `infra/rbac/watcher.yaml` grants, but for pods of other namespaces: without them room is not known. */
export const WATCHER_PERMISSIONS: readonly Permission[] = [
  readIdentity,
  ...all('batch', 'jobs', 'list', 'watch'),
  ...all('', 'pods', 'list', 'watch'),
  ...all('', 'pods/log', 'get'),
  ...all('', 'events', 'list', 'watch'),
  { verb: 'list', group: '', resource: 'nodes', clusterWide: true },
  { verb: 'watch', group: '', resource: 'nodes', clusterWide: true },
];

/** Such as `patch jobs.batch/status` or `get namespaces "kube-system"`. */
export function describePermission({ verb, group, resource, object }: Permission): string {
  const [kind, subresource] = resource.split('/', 2);
  const name = `${kind}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return `${verb} ${name}${object === undefined ? '' : ` "${object}"`}`;
}
