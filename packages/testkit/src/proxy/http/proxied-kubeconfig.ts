import { parse, stringify } from 'yaml';
import { z } from 'zod';

const base64 = z.string().transform((text) => Buffer.from(text, 'base64').toString());
const named = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ name: z.string(), ...shape });
const kubeconfigSchema = z.object({
  'current-context': z.string(),
  contexts: z.array(named({ context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(
    named({
      cluster: z.object({
        server: z.url(),
        'certificate-authority-data': base64.optional(),
        'tls-server-name': z.string().optional(),
      }),
    }),
  ),
  users: z.array(
    named({
      user: z.looseObject({ 'client-certificate-data': base64.optional(), 'client-key-data': base64.optional() }),
    }),
  ),
});

/** How to reach an API server. PEM. */
export interface ApiServerAccess {
  readonly server: URL;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly servername: string | undefined;
}

/** What the current context of a kubeconfig says of its API server; tokens are the client's own affair. */
export function parseApiServerAccess(kubeconfigText: string): ApiServerAccess {
  const { contexts, clusters, users, 'current-context': current } = kubeconfigSchema.parse(parse(kubeconfigText));
  const { context } = getNamed(contexts, current);
  const { cluster } = getNamed(clusters, context.cluster);
  const { user } = getNamed(users, context.user);
  return {
    server: new URL(cluster.server),
    ca: cluster['certificate-authority-data'],
    cert: user['client-certificate-data'],
    key: user['client-key-data'],
    servername: cluster['tls-server-name'],
  };
}

/** The same kubeconfig for another address of its clusters, with that address's authority. */
export function withServer(kubeconfigText: string, address: string, caCertificate: string): string {
  const config = parse(kubeconfigText) as { clusters: { name: string; cluster: { server: string } }[] };
  const clusters = config.clusters.map(({ name, cluster: { server } }) => ({
    name,
    cluster: {
      server: new URL(new URL(server).pathname, address).href,
      'certificate-authority-data': Buffer.from(caCertificate).toString('base64'),
    },
  }));
  return stringify({ ...config, clusters });
}

function getNamed<Entry extends { name: string }>(entries: readonly Entry[], name: string): Entry {
  const found = entries.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`The kubeconfig has no entry ${name}`);
  return found;
}
