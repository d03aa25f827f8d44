import { removeDeletedJob, type ClaimedJob } from '@ccluster/db';
import type { EndedState } from '@ccluster/domain';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { DispatchContext } from '../dispatch-context.js';
import { release, type Progress } from '../progress.js';
import { CLEAN_UP_RETRY_MS, removeFromCluster } from './clean-up-job.js';

/** A deleted job: what its cluster holds of it goes first, since after its row nothing would tell where to look. */
export async function removeJob(
  context: DispatchContext,
  job: ClaimedJob,
  { placement, cleaned }: EndedState,
  signal: AbortSignal,
): Promise<Progress> {
  try {
    if (!cleaned && placement !== null && !(await removeFromCluster(context, job, placement, signal))) {
      return release(job, CLEAN_UP_RETRY_MS);
    }
  } catch (error) {
    if (!(error instanceof ClusterFault) || placement === null) throw error;
    if (error.kind !== 'REMOVED') return release(job, Math.max(context.gate.restMs(placement), CLEAN_UP_RETRY_MS));
  }
  await context.atRisk('remove row', () => removeDeletedJob(context.database.db, job, signal));
  return release(job, 0);
}
