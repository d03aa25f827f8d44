import { ORGANIZATION_PLACEHOLDER } from '@ccluster/domain';

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

/** What the dispatcher's manifest grants. */
export const DISPATCHER_PERMISSIONS: readonly Permission[] = [
  readIdentity,
  ...all('batch', 'jobs', 'create', 'get', 'list', 'patch', 'delete'),
  ...all('batch', 'jobs/status', 'patch'),
  // No get, list or watch, and no patch or update: their answers would return what the Secret holds.
  ...all('', 'secrets', 'create', 'delete'),
];

/**
 * What the watcher's manifest grants, but for pods of other namespaces: without them room is not known.
 * @param template where each organization has a namespace of its own, they are watched all together
 */
export function watcherPermissions(template: string): readonly Permission[] {
  const clusterWide = template.includes(ORGANIZATION_PLACEHOLDER);
  const watched = [
    ...all('batch', 'jobs', 'get', 'list', 'watch'),
    ...all('', 'pods', 'list', 'watch'),
    ...all('', 'events', 'list', 'watch'),
  ];
  return [
    readIdentity,
    ...watched.map((permission) => ({ ...permission, clusterWide })),
    ...all('', 'pods/log', 'get'),
    { verb: 'list', group: '', resource: 'nodes', clusterWide: true },
    { verb: 'watch', group: '', resource: 'nodes', clusterWide: true },
  ];
}

/** Such as `patch jobs.batch/status` or `get namespaces "kube-system"`. */
export function describePermission({ verb, group, resource, object }: Permission): string {
  const [kind, subresource] = resource.split('/', 2);
  const name = `${kind}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return `${verb} ${name}${object === undefined ? '' : ` "${object}"`}`;
}
