import { z } from 'zod';
import { type ClusterCredentials, parseClusterCredentials } from './cluster-credentials.js';
import { KubeconfigRefused } from './kubeconfig-refused.js';
import { parseYaml } from './parse-yaml.js';

const MAX_KUBECONFIG_BYTES = 256 * 1024;

/** A field here is refused with this rule even when it is empty: each runs a program, reads a file or weakens TLS. */
const FORBIDDEN_FIELDS: Readonly<Record<string, string>> = {
  exec: 'would run a program',
  'auth-provider': 'would run a program or read a file',
  tokenFile: 'would read a file',
  'certificate-authority': 'would read a file; use certificate-authority-data',
  'client-certificate': 'would read a file; use client-certificate-data',
  'client-key': 'would read a file; use client-key-data',
  'proxy-url': 'would send requests elsewhere',
  'insecure-skip-tls-verify': 'would trust any server',
  as: 'impersonation is not allowed',
  'as-uid': 'impersonation is not allowed',
  'as-groups': 'impersonation is not allowed',
  'as-user-extra': 'impersonation is not allowed',
  username: 'basic authentication is not supported by Kubernetes any more',
  password: 'basic authentication is not supported by Kubernetes any more',
};

const named = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject({ name: z.string(), ...shape });
const ignored = z.unknown().optional();
const kubeconfigSchema = z.strictObject({
  apiVersion: z.literal('v1').optional(),
  kind: z.literal('Config').optional(),
  preferences: ignored,
  extensions: ignored,
  'current-context': z.string(),
  contexts: z.array(
    named({
      context: z.strictObject({
        cluster: z.string(),
        user: z.string(),
        namespace: z.string().optional(),
        extensions: ignored,
      }),
    }),
  ),
  clusters: z.array(
    named({
      cluster: z.strictObject({
        server: z.string(),
        'certificate-authority-data': z.string().optional(),
        'tls-server-name': z.string().optional(),
        'disable-compression': z.boolean().optional(),
        extensions: ignored,
      }),
    }),
  ),
  users: z.array(
    named({
      user: z.strictObject({
        token: z.string().optional(),
        'client-certificate-data': z.string().optional(),
        'client-key-data': z.string().optional(),
        extensions: ignored,
      }),
    }),
  ),
});

/**
 * The credentials of a kubeconfig's current context. Reads only an allow-list of fields, in every entry and not only in
 * the current one, so that what is stored can never begin to mean more. Throws {@link KubeconfigRefused}.
 */
export function parseKubeconfig(unsafeText: string): ClusterCredentials {
  const unsafeConfig = readDocument(unsafeText);
  refuseForbiddenFields(unsafeConfig);
  const result = kubeconfigSchema.safeParse(unsafeConfig);
  if (!result.success) throw refusalOf(result.error);
  const { contexts, clusters, users, 'current-context': current } = result.data;
  const { context } = findNamed(contexts, 'contexts', current);
  const { cluster } = findNamed(clusters, 'clusters', context.cluster);
  const { user } = findNamed(users, 'users', context.user);
  return parseClusterCredentials({
    server: cluster.server,
    caCertificate: decodeBase64(cluster['certificate-authority-data'], 'certificate-authority-data'),
    tlsServerName: cluster['tls-server-name'],
    bearerToken: user.token,
    clientCertificate: decodeBase64(user['client-certificate-data'], 'client-certificate-data'),
    clientKey: decodeBase64(user['client-key-data'], 'client-key-data'),
  });
}

function readDocument(unsafeText: string): unknown {
  if (Buffer.byteLength(unsafeText) > MAX_KUBECONFIG_BYTES)
    throw new KubeconfigRefused('kubeconfig', 'is larger than 256 KiB');
  try {
    return parseYaml(unsafeText);
  } catch {
    // Without its cause, which quotes the text around the fault: that may be a key.
    throw new KubeconfigRefused(
      'kubeconfig',
      'is not one plain YAML document: without aliases, tags and repeated keys',
    );
  }
}

/** Before the schema, so that the answer says why: "has a field that is not known" would not. */
function refuseForbiddenFields(unsafeConfig: unknown): void {
  for (const [list, entry] of [
    ['contexts', 'context'],
    ['clusters', 'cluster'],
    ['users', 'user'],
  ] as const) {
    const entries = fieldOf(unsafeConfig, list);
    if (!Array.isArray(entries)) continue;
    entries.forEach((unsafeEntry, at) => {
      const fields = Object.keys(fieldOf(unsafeEntry, entry) ?? {});
      const forbidden = fields.find((field) => Object.hasOwn(FORBIDDEN_FIELDS, field));
      if (forbidden !== undefined)
        throw new KubeconfigRefused(`${list}[${at}].${entry}.${forbidden}`, FORBIDDEN_FIELDS[forbidden] ?? '');
    });
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}

function refusalOf(error: z.ZodError): KubeconfigRefused {
  const issue = error.issues[0];
  const rule =
    issue?.code === 'unrecognized_keys' ? 'has a field that is not known' : 'is missing or of the wrong type';
  return new KubeconfigRefused(pathText(issue?.path ?? []), rule);
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'kubeconfig';
}

function findNamed<Entry extends { name: string }>(entries: readonly Entry[], list: string, name: string): Entry {
  const found = entries.filter((entry) => entry.name === name);
  if (found.length !== 1 || found[0] === undefined)
    throw new KubeconfigRefused(list, 'must name the current one exactly once');
  return found[0];
}

function decodeBase64(text: string | undefined, field: string): string | undefined {
  if (text === undefined) return undefined;
  // Blanks first: a pattern with them at two places would try every way to share them.
  const digits = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) throw new KubeconfigRefused(field, 'is not base64');
  return Buffer.from(digits, 'base64').toString('utf8');
}
