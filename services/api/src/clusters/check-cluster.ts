import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputRefused } from '@ccluster/domain';
import { clusterAddressesVariable } from '@ccluster/kubernetes';
import { parseEnvironment, type Environment } from '@ccluster/runtime';
import { z } from 'zod';
import { parseCredentials } from './parse-credentials.js';
import { proveCredentials, type GivenCredentials } from './prove-credentials.js';

const USAGE =
  'Give --namespace <as it is to be registered>, --credentials <kubeconfig of the dispatcher>, and --reader-credentials <that of the watcher> where it has its own; on a cluster where each organization has its own namespace also --organization <id>';

const optionsSchema = z.object({
  namespace: z.string().min(1),
  credentials: z.string().min(1),
  'reader-credentials': z.string().min(1).optional(),
  organization: z.string().default('org_'),
});

/**
 * Proves credentials against a cluster as `registerCluster` does; changes nothing there. Throws where it is called wrongly,
 * or a file cannot be read.
 * @returns what is missing; nothing where it could be registered
 */
export async function checkCluster(args: readonly string[], env: Environment): Promise<string[]> {
  const { namespace, organization, ...files } = parseOptions(args);
  const { CLUSTER_ADDRESSES_ALLOWED: addresses } = parseEnvironment(
    z.object({ CLUSTER_ADDRESSES_ALLOWED: clusterAddressesVariable }),
    env,
  );
  const read = (field: 'credentials' | 'readerCredentials', file: string) =>
    parseCredentials(field, { kubeconfig: readFileSync(file, 'utf8') });
  const credentials = read('credentials', files.credentials);
  const readerFile = files['reader-credentials'];
  const reader = readerFile === undefined ? credentials : read('readerCredentials', readerFile);
  const prove = (given: GivenCredentials) =>
    proveCredentials(given, { addresses, template: namespace, organizationId: organization });
  const each = await Promise.allSettled([prove({ credentials }), prove({ reader })]);
  const problems = each.flatMap((proof) => (proof.status === 'rejected' ? problemsOf(proof.reason) : []));
  if (problems.length > 0) return problems;
  // Both are right for themselves: now whether they are for the same cluster.
  return prove({ credentials, reader }).then(() => [], problemsOf);
}

function parseOptions(args: readonly string[]): z.output<typeof optionsSchema> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      namespace: { type: 'string' },
      credentials: { type: 'string' },
      'reader-credentials': { type: 'string' },
      organization: { type: 'string' },
    },
  });
  const parsed = optionsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new Error(USAGE);
}

/** In the words that a caller would get. */
export function problemsOf(error: unknown): string[] {
  if (error instanceof InputRefused) return error.issues.map(({ message }) => message);
  return [error instanceof Error ? error.message : String(error)];
}
