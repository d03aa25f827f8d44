import type { ClaimedJob } from '@ccluster/db';
import { kubernetesJobName, type EndedState, type PlacementDecision } from '@ccluster/domain';
import { sleep } from '@ccluster/runtime';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { ClusterWriter, KubernetesName } from '../cluster/cluster-writer.js';
import { record, withCluster, type DispatchContext } from '../dispatch-context.js';
import { release, type Progress } from '../progress.js';

const POLLS = 20;
const POLL_MS = 200;
export const CLEAN_UP_RETRY_MS = 5_000;

/** ENDED: deletes what the cluster still holds of the job, once nobody needs to look at it. */
export async function cleanUpJob(
  context: DispatchContext,
  job: ClaimedJob,
  state: EndedState,
  signal: AbortSignal,
): Promise<Progress> {
  const { placement } = state;
  if (placement === null) return release(job, 0);
  const keptMs = retentionLeftMs(state, context.finishedRetentionMs, job.claimedAt.getTime());
  if (keptMs > 0) return release(job, keptMs);
  try {
    const removed = await removeFromCluster(context, job, placement, signal);
    const cleaned = removed ? await record(context, job, { type: 'CLEANED' }) : undefined;
    return release(cleaned ?? job, CLEAN_UP_RETRY_MS);
  } catch (error) {
    if (!(error instanceof ClusterFault)) throw error;
    // What was left in a cluster that is registered no more is nobody's: nothing of it can be asked for, or will be.
    if (error.kind === 'REMOVED') return release((await record(context, job, { type: 'CLEANED' })) ?? job, 0);
    return release(job, Math.max(context.gate.restMs(placement), CLEAN_UP_RETRY_MS));
  }
}

/** @returns whether nothing of the job is left in the cluster; throws a `ClusterFault` */
export function removeFromCluster(
  context: DispatchContext,
  job: ClaimedJob,
  placement: PlacementDecision,
  signal: AbortSignal,
): Promise<boolean> {
  const where = { namespace: placement.namespace, name: kubernetesJobName(job.spec.name, job.id) };
  return withCluster(context, placement, signal, (writer) => removeKubernetesJob(writer, where, job.id, signal));
}

/**
 * For people to look at what happened, with their own tools: not where it was cancelled or never started.
 * @param nowMs by PostgreSQL's clock, as the end of the job
 */
export function retentionLeftMs(state: EndedState, retentionMs: number, nowMs: number): number {
  if (state.outcome === 'CANCELLED' || state.kubernetesUid === null) return 0;
  return Math.max(Date.parse(state.finishedAt) + retentionMs - nowMs, 0);
}

/**
 * Deletes whatever of this job is under its name, a latecomer's too; one of somebody else's stays.
 * @returns whether nothing of it is left
 */
async function removeKubernetesJob(
  writer: ClusterWriter,
  where: KubernetesName,
  jobId: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const found = await writer.findJob(where, signal);
    if (found === undefined || found.jobId !== jobId) return true;
    if (!found.deleting) await writer.deleteJob(found, signal);
    else await sleep(POLL_MS, signal);
  }
  return false;
}
