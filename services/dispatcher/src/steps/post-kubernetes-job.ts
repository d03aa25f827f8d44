import { kubernetesJobName, type JobSecrets } from '@ccluster/domain';
import { sleep } from '@ccluster/runtime';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { ClusterWriter, JobOrder, PostedJob, SeenKubernetesJob } from '../cluster/cluster-writer.js';

const ATTEMPTS = 3;
const GONE_POLL_MS = 100;
const GONE_TIMEOUT_MS = 8_000;

export type PostResult =
  | { readonly kind: 'POSTED'; readonly job: SeenKubernetesJob; readonly warnings: readonly string[] }
  /** A newer claim's is there: this claim is over. */
  | { readonly kind: 'OVERTAKEN' }
  /** Something that is not ours has the name. */
  | { readonly kind: 'NAME_TAKEN' }
  /** The cluster does not keep which tasks need not run; nothing of this order is left there. */
  | { readonly kind: 'NOT_INHERITED' }
  /** An older claim's is there and does not go away. */
  | { readonly kind: 'NOT_GONE' };

/**
 * Makes the order's Kubernetes Job, suspended, and its Secrets. What an older claim left under the name is deleted
 * first: no one can arm it any more. The tasks that it inherits are set before anything can release it. Throws a `ClusterFault`; nothing of this order is left then, as far as is known.
 */
export async function postKubernetesJob(
  writer: ClusterWriter,
  order: JobOrder,
  secrets: JobSecrets,
  signal: AbortSignal,
): Promise<PostResult> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const posted = await postOrFind(writer, order, signal);
    if (posted === undefined) continue;
    switch (judgeFound(posted.job, order)) {
      case 'OURS':
        return (await completeOrUndo(writer, order, posted.job, secrets, signal))
          ? { kind: 'POSTED', ...posted }
          : { kind: 'NOT_INHERITED' };
      case 'NEWER':
        return { kind: 'OVERTAKEN' };
      case 'FOREIGN':
        return { kind: 'NAME_TAKEN' };
      case 'OLDER':
        if (!(await deleteUntilGone(writer, posted.job, signal))) return { kind: 'NOT_GONE' };
    }
  }
  return { kind: 'NOT_GONE' };
}

export type FoundJudgement = 'OURS' | 'NEWER' | 'OLDER' | 'FOREIGN';

/** Whose the Kubernetes Job under the order's name is. */
export function judgeFound(found: SeenKubernetesJob, order: Pick<JobOrder, 'jobId' | 'epoch'>): FoundJudgement {
  if (found.jobId !== order.jobId) return 'FOREIGN';
  if (found.epoch > order.epoch) return 'NEWER';
  // One of this claim that somebody released or deletes is no longer what was posted.
  return found.epoch === order.epoch && found.suspended && !found.deleting ? 'OURS' : 'OLDER';
}

/** What is under the order's name now, our own or not; undefined where it went in between. */
async function postOrFind(writer: ClusterWriter, order: JobOrder, signal: AbortSignal): Promise<PostedJob | undefined> {
  const where = { namespace: order.namespace, name: kubernetesJobName(order.spec.name, order.jobId) };
  try {
    const posted = await writer.postJob(order, signal);
    if (posted !== undefined) return posted;
  } catch (error) {
    if (!(error instanceof ClusterFault) || error.kind !== 'UNREACHABLE') throw error;
    // The answer was lost, the Kubernetes Job perhaps not.
    const found = await writer.findJob(where, signal);
    if (found === undefined) throw error;
    return { job: found, warnings: [] };
  }
  const found = await writer.findJob(where, signal);
  return found === undefined ? undefined : { job: found, warnings: [] };
}

/** @returns false where the tasks it inherits could not be set; nothing of it is left then, nor where this throws */
async function completeOrUndo(
  writer: ClusterWriter,
  order: JobOrder,
  job: SeenKubernetesJob,
  secrets: JobSecrets,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (order.inherited !== null && !(await writer.inheritTasks(job, order.inherited, signal))) {
      await writer.deleteJob(job, signal);
      return false;
    }
    await writer.postSecrets(order, job, secrets, signal);
    return true;
  } catch (error) {
    // Should this fail too, then the next claim or the reconciler finds it.
    if (!signal.aborted) await writer.deleteJob(job, signal);
    throw error;
  }
}

/** @returns whether it went within 8 s; another one under its name is another one */
async function deleteUntilGone(writer: ClusterWriter, job: SeenKubernetesJob, signal: AbortSignal): Promise<boolean> {
  await writer.deleteJob(job, signal);
  for (let waitedMs = 0; waitedMs < GONE_TIMEOUT_MS; waitedMs += GONE_POLL_MS) {
    const found = await writer.findJob(job, signal);
    if (found === undefined || found.uid !== job.uid) return true;
    await sleep(GONE_POLL_MS, signal);
  }
  return false;
}
