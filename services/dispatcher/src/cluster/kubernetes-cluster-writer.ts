import { KUBERNETES_KEYS } from '@ccluster/domain';
import { KubernetesFault, readClusterIdentity, toKubernetesFault, type ClusterConnection } from '@ccluster/kubernetes';
import type { V1Secret } from '@kubernetes/client-node';
import { ClusterFault } from './cluster-fault.js';
import type {
  ClusterWriter,
  InheritedStatus,
  IntentChange,
  KubernetesJobRef,
  KubernetesName,
} from './cluster-writer.js';
import { holdsInheritance } from './inherited-status.js';
import { jobManifest, type Ownership } from './job-manifest.js';
import { inheritancePatch, intentPatch } from './job-patches.js';
import { toClusterFault } from './kubernetes-fault.js';
import { secretManifests } from './secret-manifests.js';
import { parseJobPage, parseSeenJob } from './seen-kubernetes-job.js';

const LIST_PAGE = 200;
/** 200,000 Kubernetes Jobs; a list without end has no honest reason. */
const MAX_PAGES = 1_000;

/** @param systemUid the cluster's identity as it was registered */
export function createKubernetesClusterWriter(
  connection: ClusterConnection,
  ownership: Ownership,
  systemUid: string,
): ClusterWriter {
  return {
    postJob: (order, signal) => inOurWords(signal, () => postJob(connection, order, ownership, signal)),
    findJob: (where, signal) => inOurWords(signal, () => findJob(connection, where, ownership, signal)),
    deleteJob: (job, signal) => inOurWords(signal, () => deleteJob(connection, job, signal)),
    inheritTasks: (job, inherited, signal) =>
      inOurWords(signal, () => inheritTasks(connection, job, inherited, signal)),
    postSecrets: (order, owner, secrets, signal) =>
      inOurWords(signal, async () => {
        for (const manifest of secretManifests(order, ownership, owner, secrets)) {
          await postSecret(connection, manifest, signal);
        }
      }),
    changeIntent: (job, change, signal) => inOurWords(signal, () => changeIntent(connection, job, change, signal)),
    listJobs: (namespace, signal) => listJobs(connection, namespace, ownership, signal),
    verifyIdentity: (signal) => asOfCluster(inOurWords(signal, () => verifyIdentity(connection, systemUid, signal))),
  };
}

async function postJob(
  connection: ClusterConnection,
  order: Parameters<ClusterWriter['postJob']>[0],
  ownership: Ownership,
  signal: AbortSignal,
) {
  const body = jobManifest(order, ownership);
  try {
    const answer = await connection.batch.createNamespacedJobWithHttpInfo(
      // Strict: a cluster too old for a field says so, instead of dropping it.
      { namespace: order.namespace, body, fieldValidation: 'Strict' },
      connection.callOptions({ signal }),
    );
    const warning = answer.headers['warning'];
    return { job: parseSeenJob(answer.data, ownership), warnings: warning === undefined ? [] : [warning] };
  } catch (error) {
    if (hasKind(error, 'ALREADY_EXISTS')) return undefined;
    throw error;
  }
}

async function findJob(
  connection: ClusterConnection,
  { namespace, name }: KubernetesName,
  ownership: Ownership,
  signal: AbortSignal,
) {
  try {
    return parseSeenJob(await connection.getJson(`${jobsPath(namespace)}/${name}`, { signal }), ownership);
  } catch (error) {
    const fault = toKubernetesFault(error);
    // A proxy's 404 carries no reason; it says nothing about the cluster.
    if (fault.kind === 'NOT_FOUND' && fault.reason === 'NotFound') return undefined;
    if (fault.kind === 'NOT_FOUND') throw new ClusterFault('UNREACHABLE', fault.message, { cause: fault });
    throw error;
  }
}

async function deleteJob(connection: ClusterConnection, job: KubernetesJobRef, signal: AbortSignal): Promise<void> {
  // Without a propagation policy the pods would run on as orphans.
  const body = { propagationPolicy: 'Background', preconditions: { uid: job.uid } };
  try {
    const { name, namespace } = job;
    await connection.batch.deleteNamespacedJob({ name, namespace, body }, connection.callOptions({ signal }));
  } catch (error) {
    if (!hasKind(error, 'NOT_FOUND', 'CONFLICT')) throw error;
  }
}

async function inheritTasks(
  connection: ClusterConnection,
  { name, namespace, uid }: KubernetesJobRef,
  inherited: InheritedStatus,
  signal: AbortSignal,
): Promise<boolean> {
  const body = inheritancePatch(uid, inherited);
  try {
    await connection.batch.patchNamespacedJobStatus({ name, namespace, body }, connection.callOptions({ signal }));
    return holdsInheritance(await connection.getJson(`${jobsPath(namespace)}/${name}`, { signal }), uid, inherited);
  } catch (error) {
    if (hasKind(error, 'INVALID', 'CONFLICT', 'NOT_FOUND')) return false;
    throw error;
  }
}

/** One that is there already answers for a lost answer of ours, or is another's: replaced either way. */
async function postSecret(connection: ClusterConnection, body: V1Secret, signal: AbortSignal): Promise<void> {
  const namespace = body.metadata?.namespace ?? '';
  const name = body.metadata?.name ?? '';
  const options = connection.callOptions({ signal });
  const post = () => connection.core.createNamespacedSecret({ namespace, body, fieldValidation: 'Strict' }, options);
  try {
    await post();
  } catch (error) {
    if (!hasKind(error, 'ALREADY_EXISTS')) throw error;
    await connection.core.deleteNamespacedSecret({ name, namespace }, options);
    await post();
  }
}

async function changeIntent(
  connection: ClusterConnection,
  { name, namespace, uid }: KubernetesJobRef,
  change: IntentChange,
  signal: AbortSignal,
): Promise<string | undefined> {
  const body = intentPatch(uid, change);
  try {
    const options = connection.callOptions({ signal });
    const answer = await connection.batch.patchNamespacedJob({ name, namespace, body }, options);
    return answer.metadata?.resourceVersion;
  } catch (error) {
    if (hasKind(error, 'INVALID', 'CONFLICT', 'NOT_FOUND')) return undefined;
    throw error;
  }
}

async function* listJobs(connection: ClusterConnection, namespace: string, ownership: Ownership, signal: AbortSignal) {
  // Of any cluster: this one may have been registered before, under another id.
  const labelSelector = `${KUBERNETES_KEYS.installation}=${ownership.installation}`;
  let next = '';
  for (let pages = 1; pages === 1 || next !== ''; pages += 1) {
    if (pages > MAX_PAGES) throw new ClusterFault('UNREACHABLE', `A list of more than ${MAX_PAGES} pages`);
    const query = { labelSelector, limit: String(LIST_PAGE), ...(next === '' ? {} : { continue: next }) };
    const page = await inOurWords(signal, async () =>
      parseJobPage(await connection.getJson(jobsPath(namespace), { query, signal }), ownership),
    );
    yield page.jobs;
    next = page.next;
  }
}

async function verifyIdentity(connection: ClusterConnection, systemUid: string, signal: AbortSignal): Promise<void> {
  const identity = await readClusterIdentity(connection, { signal });
  if (identity.systemUid === systemUid) return;
  throw new ClusterFault('UNREACHABLE', 'Another cluster than the registered one answers at its address');
}

/** kube-system is no namespace of jobs: what is refused there concerns all that is sent to the cluster. */
async function asOfCluster<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ClusterFault) || error.kind !== 'NAMESPACE_REFUSED') throw error;
    throw new ClusterFault('CLUSTER_REFUSED', error.message, { cause: error });
  }
}

function jobsPath(namespace: string): string {
  return `/apis/batch/v1/namespaces/${namespace}/jobs`;
}

function hasKind(error: unknown, ...kinds: readonly KubernetesFault['kind'][]): boolean {
  return error instanceof KubernetesFault && kinds.includes(error.kind);
}

async function inOurWords<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toClusterFault(error, signal);
  }
}
