import {
  CannotOpen,
  findPlacementObstacle,
  holdPlacement,
  type ClaimedJob,
  type PlacementObstacle,
} from '@ccluster/db';
import type { PlacedState } from '@ccluster/domain';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { KubernetesJobRef } from '../cluster/cluster-writer.js';
import { record, recordDecided, withCluster, type DispatchContext } from '../dispatch-context.js';
import { claimAgain, goOn, release, releaseAsOvertaken, type Progress } from '../progress.js';
import { postKubernetesJob } from './post-kubernetes-job.js';
import { readOrder } from './read-order.js';
import { readSecretsOrTrouble, SECRETS_UNREADABLE, UNREADABLE_RETRY_MS } from './secrets-unreadable.js';

const BUSY_RETRY_MS = 500;
const QUOTA_RETRY_MS = 10_000;
/** What a person has to mend in the cluster first. */
const REFUSED_RETRY_MS = 30_000;
const NOT_GONE_RETRY_MS = 2_000;

/** PLACED → ARMED: posts the suspended Kubernetes Job and makes it this job's for ever. No pod starts yet. */
export async function startJob(
  context: DispatchContext,
  job: ClaimedJob,
  { placement }: PlacedState,
  signal: AbortSignal,
): Promise<Progress> {
  const obstacle = await findPlacementObstacle(context.database.db, placement);
  if (obstacle !== undefined) return undo(context, job, obstacleReason(obstacle, placement.clusterName));
  const order = await readOrder(context.database.db, job, placement);
  const secrets = await readSecretsOrTrouble(context, job.id);
  if (secrets instanceof CannotOpen) return leaveUnread(context, job, secrets);
  const post = () =>
    withCluster(context, placement, signal, (writer) => postKubernetesJob(writer, order, secrets, signal));
  const result = await resultOrFault(post);
  if (result instanceof ClusterFault) return giveUp(context, job, placement.clusterName, result);
  switch (result.kind) {
    case 'POSTED':
      if (result.warnings.length > 0)
        context.log.warn({ jobId: job.id, warnings: result.warnings }, 'The cluster warns');
      return arm(context, job, placement, result.job, signal);
    case 'OVERTAKEN':
      return releaseAsOvertaken(job);
    case 'NAME_TAKEN':
      return undo(context, job, nameTaken(placement.clusterName), REFUSED_RETRY_MS);
    case 'NOT_INHERITED':
      return undo(context, job, notInherited(placement.clusterName), REFUSED_RETRY_MS);
    case 'NOT_GONE':
      return release(job, NOT_GONE_RETRY_MS);
  }
}

async function resultOrFault<T>(work: () => Promise<T>): Promise<T | ClusterFault> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClusterFault) return error;
    throw error;
  }
}

/**
 * From here on this Kubernetes Job, and no other in any cluster, may be released. Refused where the job was cancelled,
 * placed anew or claimed by another since, or its cluster is to have no new jobs: whoever drains or removes that waits
 * for this, or this for them. Should the record itself fail, nobody knows whether it was armed: nothing is deleted then.
 */
async function arm(
  context: DispatchContext,
  job: ClaimedJob,
  placement: PlacedState['placement'],
  posted: KubernetesJobRef,
  signal: AbortSignal,
): Promise<Progress> {
  const recorded = await recordDecided(context, job, 'ARMED', async (tx) => {
    const obstacle = await holdPlacement(tx, placement);
    if (obstacle === undefined) return [{ type: 'ARMED', kubernetesUid: posted.uid, placement }];
    return [{ type: 'PLACEMENT_UNDONE', ...obstacleReason(obstacle, placement.clusterName) }];
  });
  if (recorded?.state.phase === 'ARMED') return goOn(recorded);
  await deletePosted(context, placement, posted, signal);
  return recorded === undefined ? releaseAsOvertaken(job) : claimAgain(recorded);
}

/** A cluster that takes no call any more is left to the reconciler: what it holds stays suspended and is nobody's. */
async function deletePosted(
  context: DispatchContext,
  placement: PlacedState['placement'],
  posted: KubernetesJobRef,
  signal: AbortSignal,
): Promise<void> {
  const deleted = await resultOrFault(() =>
    withCluster(context, placement, signal, (writer) => writer.deleteJob(posted, signal)),
  );
  if (deleted instanceof ClusterFault)
    context.log.warn(
      { clusterId: placement.clusterId, uid: posted.uid, error: deleted },
      'A Kubernetes Job that is not to be armed is left',
    );
}

/** Nothing is armed, so another cluster may be chosen; unless this one has judged the job itself. */
async function giveUp(
  context: DispatchContext,
  job: ClaimedJob,
  clusterName: string,
  fault: ClusterFault,
): Promise<Progress> {
  const message = `${clusterName}: ${fault.message}`;
  switch (fault.kind) {
    case 'BUSY':
      return release(job, BUSY_RETRY_MS);
    case 'POLICY_REFUSED':
      return refuse(context, job, message);
    case 'QUOTA_EXCEEDED':
      return undo(context, job, { code: 'QUOTA_EXCEEDED', message }, QUOTA_RETRY_MS);
    case 'UNREACHABLE':
      return undo(context, job, { code: 'CLUSTER_UNREACHABLE', message });
    case 'CLUSTER_REFUSED':
    case 'NAMESPACE_REFUSED':
      return undo(context, job, { code: 'CLUSTER_REFUSED', message });
    case 'REMOVED':
      return undo(context, job, obstacleReason('REMOVED', clusterName));
  }
}

/** @param retryAfterMs not given: another cluster is tried at once, this one rests */
async function undo(
  context: DispatchContext,
  job: ClaimedJob,
  reason: { readonly code: string; readonly message: string },
  retryAfterMs?: number,
): Promise<Progress> {
  const undone = await record(context, job, { type: 'PLACEMENT_UNDONE', ...reason });
  if (undone === undefined) return releaseAsOvertaken(job);
  return retryAfterMs === undefined ? claimAgain(undone) : release(undone, retryAfterMs);
}

async function leaveUnread(context: DispatchContext, job: ClaimedJob, error: CannotOpen): Promise<Progress> {
  context.log.error({ jobId: job.id, error }, 'The secrets of a job cannot be read: it waits');
  const message = `Its secrets cannot be read: ${error.message}`;
  return undo(context, job, { code: SECRETS_UNREADABLE, message }, UNREADABLE_RETRY_MS);
}

async function refuse(context: DispatchContext, job: ClaimedJob, message: string): Promise<Progress> {
  const code = 'POLICY_REFUSED';
  const refused = await record(context, job, { type: 'DISPATCH_REFUSED', code, message }, { type: 'SETTLED' });
  return refused === undefined ? releaseAsOvertaken(job) : goOn(refused);
}

function nameTaken(clusterName: string) {
  const message = `${clusterName}: a Kubernetes Job that is not ours has the name`;
  return { code: 'KUBERNETES_NAME_TAKEN', message };
}

function notInherited(clusterName: string) {
  const message = `${clusterName}: does not keep which tasks have succeeded before in the status of a Kubernetes Job`;
  return { code: 'INHERITANCE_REFUSED', message };
}

function obstacleReason(obstacle: PlacementObstacle, clusterName: string) {
  switch (obstacle) {
    case 'REMOVED':
      return { code: 'CLUSTER_REMOVED', message: `${clusterName} or the instance type was removed` };
    case 'DRAINING':
      return { code: 'CLUSTER_DRAINING', message: `${clusterName} is being drained and takes no new jobs` };
    case 'UNREACHABLE':
      return { code: 'CLUSTER_UNREACHABLE', message: `${clusterName} does not answer at the moment` };
  }
}
