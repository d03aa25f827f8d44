import { kubeconfig, REFUSED, type Baits, type HostileCase } from './hostile-case.js';

type Fields = Readonly<Record<string, unknown>>;

const EXEC_VERSIONS = ['v1', 'v1beta1', 'v1alpha1'].map((version) => `client.authentication.k8s.io/${version}`);
const INTERACTIVE_MODES = ['Never', 'IfAvailable', 'Always'];

/** Every field of a kubeconfig that runs a program, reads a file or weakens what is proved, wherever it can stand. */
export function casesOfFields(baits: Baits): HostileCase[] {
  return [
    ...forbiddenOfUser(baits).flatMap(([name, fields]) => casesOfUser(baits, name, fields)),
    ...forbiddenOfCluster(baits).flatMap(([name, fields]) => casesOfCluster(baits, name, fields)),
    ...casesOfShapes(baits),
  ];
}

/** A file by each of its names: a reader may resolve, expand or decode what it is given. */
function namesOf({ directory }: Baits, file: string): [spelling: string, path: string][] {
  const path = `${directory}/${file}`;
  return [
    ['absolute', path],
    ['relative', `../../../../../../../..${path}`],
    ['a URL', `file://${path}`],
    ['with a variable', `\${HOME:-}${path}`],
    ['with dots', path.replace('/', '/./')],
  ];
}

const SYSTEM_FILES = ['/etc/shadow', '/proc/self/environ', '/dev/zero', '~/.kube/config', '/proc/self/fd/0'];

function fileFields(baits: Baits, field: string, file: string): [name: string, fields: Fields][] {
  const own = namesOf(baits, file).map(([spelling, path]) => [`${field}: ${spelling}`, { [field]: path }] as const);
  const system = SYSTEM_FILES.map((path) => [`${field}: ${path}`, { [field]: path }] as const);
  const blocking = [`${field}: a pipe`, { [field]: `${baits.directory}/pipe` }] as const;
  return [...own, ...system, blocking].map(([name, fields]) => [name, fields]);
}

function forbiddenOfUser(baits: Baits): [name: string, fields: Fields][] {
  const program = `${baits.directory}/program`;
  const execs = EXEC_VERSIONS.flatMap((apiVersion) =>
    INTERACTIVE_MODES.map((interactiveMode): [string, Fields] => [
      `exec: ${apiVersion}, ${interactiveMode}`,
      { exec: { apiVersion, command: program, args: [], interactiveMode, provideClusterInfo: true } },
    ]),
  );
  return [
    ...execs,
    ['exec: empty', { exec: {} }],
    ['exec: null', { exec: null }],
    ['exec: a shell', { exec: { command: '/bin/sh', args: ['-c', program] } }],
    ['exec: a name on the path', { exec: { command: 'program', env: [{ name: 'PATH', value: baits.directory }] } }],
    ...['gcp', 'azure', 'openstack', 'oidc', 'exec'].map((name): [string, Fields] => [
      `auth-provider: ${name}`,
      {
        'auth-provider': {
          name,
          config: { 'cmd-path': program, 'cmd-args': '', 'idp-certificate-authority': program },
        },
      },
    ]),
    ...fileFields(baits, 'tokenFile', 'token'),
    ...fileFields(baits, 'client-certificate', 'certificate.pem'),
    ...fileFields(baits, 'client-key', 'key.pem'),
    ['token-file', { 'token-file': `${baits.directory}/token` }],
    ['as', { as: 'system:admin' }],
    ['as-uid', { as: 'a', 'as-uid': '0' }],
    ['as-groups', { 'as-groups': ['system:masters'] }],
    ['as-user-extra', { 'as-user-extra': { scopes: ['all'] } }],
    ['username and password', { username: 'admin', password: 'admin' }],
    ['a field that is not known', { run: program }],
    ['a prototype', JSON.parse('{"__proto__": {"exec": {"command": "/bin/true"}}}') as Fields],
    ['a constructor', { constructor: { prototype: { exec: {} } } }],
  ];
}

function forbiddenOfCluster(baits: Baits): [name: string, fields: Fields][] {
  const proxies = ['http', 'https', 'socks5', 'socks5h'].map((scheme): [string, Fields] => [
    `proxy-url: ${scheme}`,
    { 'proxy-url': `${scheme}://127.0.0.1:${baits.internalPort}` },
  ]);
  return [
    ...fileFields(baits, 'certificate-authority', 'certificate.pem'),
    ...proxies,
    ['proxy-url: empty', { 'proxy-url': '' }],
    ...[true, false, 'true', 'yes', 1, null].map((value): [string, Fields] => [
      `insecure-skip-tls-verify: ${JSON.stringify(value)}`,
      { 'insecure-skip-tls-verify': value },
    ]),
    ['api-version', { 'api-version': 'v1' }],
    ['a field that is not known', { redirect: `https://127.0.0.1:${baits.internalPort}` }],
  ];
}

/** In the current user, and in one that no context uses. */
function casesOfUser(baits: Baits, name: string, fields: Fields): HostileCase[] {
  const other = {
    users: [
      { name: 'me', user: { token: 'bait-token' } },
      { name: 'other', user: fields },
    ],
  };
  return [
    refused(baits, `user, ${name}`, kubeconfig(baits, { user: fields })),
    ...(name.includes('absolute') || name.startsWith('exec: client')
      ? [refused(baits, `a user that is not current, ${name}`, kubeconfig(baits, { root: other }))]
      : []),
  ];
}

function casesOfCluster(baits: Baits, name: string, fields: Fields): HostileCase[] {
  return [refused(baits, `cluster, ${name}`, kubeconfig(baits, { cluster: fields }))];
}

/** Values of another type than a reader may expect, and entries that do not fit together. */
function casesOfShapes(baits: Baits): HostileCase[] {
  const values: readonly unknown[] = [null, 0, -1, 1e21, true, [], {}, ['a'], { toString: 'a' }, { length: 1 }, ''];
  const places: [place: string, make: (value: unknown) => string][] = [
    ['server', (server) => kubeconfig(baits, { cluster: { server } })],
    ['token', (token) => kubeconfig(baits, { user: { token } })],
    ['users', (users) => kubeconfig(baits, { root: { users } })],
    ['clusters', (clusters) => kubeconfig(baits, { root: { clusters } })],
    ['contexts', (contexts) => kubeconfig(baits, { root: { contexts } })],
    ['current-context', (current) => kubeconfig(baits, { root: { 'current-context': current } })],
    ['context.user', (user) => kubeconfig(baits, { context: { user } })],
    ['kind', (kind) => kubeconfig(baits, { root: { kind } })],
  ];
  const shapes = places.flatMap(([place, make]) =>
    values.map((value) => refused(baits, `${place} is ${JSON.stringify(value)}`, make(value))),
  );
  const twice = [1, 2].map(() => ({ name: 'me', user: { token: 'bait-token' } }));
  const texts: [name: string, text: string][] = [
    ['two users of one name', kubeconfig(baits, { root: { users: twice } })],
    ['a context that is not there', kubeconfig(baits, { root: { 'current-context': 'none' } })],
    ['a cluster that is not there', kubeconfig(baits, { context: { cluster: 'none' } })],
    ['a user that is not there', kubeconfig(baits, { context: { user: 'none' } })],
    ['another kind', kubeconfig(baits, { root: { kind: 'Secret' } })],
    ['a list of kubeconfigs', `[${kubeconfig(baits)}]`],
  ];
  return [...shapes, ...texts.map(([name, text]) => refused(baits, name, text))];
}

function refused(baits: Baits, name: string, text: string): HostileCase {
  return { name, credentials: { kubeconfig: text }, codes: REFUSED, paths: [baits.directory, ...SYSTEM_FILES] };
}
