import { listOverdueDrains, settleJob, withTransaction } from '@ccluster/db';
import type { Watch } from './watch.js';

/**
 * Ends the jobs whose time to drain logs is over. For a watch that does not see its cluster yet: a job that only waits
 * for its logs ends in time, whoever takes over, and whether or not the cluster answers.
 */
export async function settleOverdueJobs(watch: Watch): Promise<void> {
  const { database, lease, logDrainMs, announcer, guarded, atRisk } = watch;
  for (const jobId of await listOverdueDrains(database.db, lease.clusterId, logDrainMs)) {
    const settle = () => withTransaction(database, (tx) => settleJob(tx, lease, jobId, true));
    const change = await guarded(atRisk('settle', settle));
    if (change !== undefined) announcer.change(change);
  }
}
