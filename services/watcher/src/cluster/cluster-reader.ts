import { KUBERNETES_KEYS } from '@ccluster/domain';
import { KubernetesFault, readClusterIdentity, type ClusterConnection } from '@ccluster/kubernetes';
import { z } from 'zod';
import type { AttemptPod, PodParser } from '../objects/kubernetes-pod.js';

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = '500';

/** Answers of the API server itself, for what the cache, which lags, must not decide alone. */
export interface ClusterReader {
  /** The pods of a job that exist at this moment, read with quorum. */
  listAttempts(namespace: string, jobId: string, signal: AbortSignal): Promise<AttemptPod[]>;
  /** uid of the Kubernetes Job of this name; undefined: the API server says that there is none. */
  findJobUid(namespace: string, name: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Another cluster answers at the address of this one: whatever it says proves nothing. */
export class ClusterMismatch extends Error {
  override readonly name = 'ClusterMismatch';

  constructor(expectedUid: string, foundUid: string) {
    super(
      `CLUSTER_MISMATCH: another cluster answers at this address (kube-system has uid ${foundUid}, not ${expectedUid})`,
    );
  }
}

const podList = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(z.record(z.string(), z.unknown())),
});
const named = z.object({ metadata: z.object({ uid: z.string() }) });

/**
 * All its answers are checked to come from the cluster that was registered: in a rebuilt one nothing of ours is left,
 * and it must not look as if everything had ended. Its methods throw `KubernetesFault` or `ClusterMismatch`.
 */
export function createClusterReader(
  connection: ClusterConnection,
  systemUid: string,
  parsePod: PodParser,
): ClusterReader {
  const ofThisCluster = async <T>(answer: T, signal: AbortSignal): Promise<T> => {
    await proveIdentity(connection, systemUid, signal);
    return answer;
  };
  return {
    listAttempts: async (namespace, jobId, signal) =>
      ofThisCluster(await listAttempts(connection, parsePod, namespace, jobId, signal), signal),
    findJobUid: async (namespace, name, signal) =>
      ofThisCluster(await findJobUid(connection, namespace, name, signal), signal),
  };
}

/** @returns the cluster's version. Throws `KubernetesFault`, or `ClusterMismatch` */
export async function proveIdentity(
  connection: ClusterConnection,
  systemUid: string,
  signal: AbortSignal,
): Promise<string> {
  const identity = await readClusterIdentity(connection, { signal, timeoutMs: TIMEOUT_MS });
  if (identity.systemUid !== systemUid) throw new ClusterMismatch(systemUid, identity.systemUid);
  return identity.version;
}

async function listAttempts(
  connection: ClusterConnection,
  parsePod: PodParser,
  namespace: string,
  jobId: string,
  signal: AbortSignal,
): Promise<AttemptPod[]> {
  const attempts: AttemptPod[] = [];
  let page: string | undefined;
  do {
    const query = {
      labelSelector: `${KUBERNETES_KEYS.jobId}=${jobId}`,
      limit: PAGE_SIZE,
      ...(page ? { continue: page } : {}),
    };
    const unsafeList = await connection.getJson(`/api/v1/namespaces/${namespace}/pods`, {
      query,
      signal,
      timeoutMs: TIMEOUT_MS,
    });
    const { metadata, items } = podList.parse(unsafeList);
    attempts.push(...items.flatMap((item) => parsePod(item).attempt ?? []));
    page = metadata.continue;
  } while (page !== undefined && page !== '');
  return attempts;
}

async function findJobUid(
  connection: ClusterConnection,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`;
    const unsafeJob = await connection.getJson(path, { signal, timeoutMs: TIMEOUT_MS });
    return named.parse(unsafeJob).metadata.uid;
  } catch (error) {
    if (error instanceof KubernetesFault && error.kind === 'NOT_FOUND') return undefined;
    throw error;
  }
}
