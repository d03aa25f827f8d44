import { z } from 'zod';
import type { CallLimits, ClusterConnection } from './connection.js';
import { KubernetesFault } from './fault.js';

const SYSTEM_NAMESPACE = '/api/v1/namespaces/kube-system';
/** They are stored and shown, and a cluster may be anybody's: one word of printable ASCII each. */
const word = z.string().regex(/^[\x21-\x7e]{1,64}$/);
const namespaceSchema = z.object({ metadata: z.object({ uid: word }) });
const versionSchema = z.object({ gitVersion: word });

type JsonReader = Pick<ClusterConnection, 'getJson'>;

export interface ClusterIdentity {
  /** The uid of the namespace kube-system: another one at the same address is another cluster. */
  systemUid: string;
  /** "v1.35.4" */
  version: string;
}

/** Needs `get` on the namespace kube-system. Throws `KubernetesFault`. */
export async function readClusterIdentity(connection: JsonReader, limits: CallLimits = {}): Promise<ClusterIdentity> {
  const [namespace, version] = await Promise.all([
    connection.getJson(SYSTEM_NAMESPACE, limits),
    connection.getJson('/version', limits),
  ]);
  const identity = z.object({ namespace: namespaceSchema, version: versionSchema }).safeParse({ namespace, version });
  if (!identity.success) {
    throw new KubernetesFault('SERVER_ERROR', 'This does not answer like a Kubernetes API server', {
      cause: identity.error,
    });
  }
  return { systemUid: identity.data.namespace.metadata.uid, version: identity.data.version.gitVersion };
}

/** As in {@link ClusterIdentity}; undefined where it may not be known, or is not there yet. Throws `KubernetesFault`. */
export async function findSystemUid(connection: JsonReader, signal: AbortSignal): Promise<string | undefined> {
  try {
    const namespace = namespaceSchema.safeParse(await connection.getJson(SYSTEM_NAMESPACE, { signal }));
    return namespace.data?.metadata.uid;
  } catch (error) {
    if (error instanceof KubernetesFault && (error.kind === 'FORBIDDEN' || error.kind === 'NOT_FOUND'))
      return undefined;
    throw error;
  }
}
