import { getInstanceType, type ClaimedJob, type Queryable } from '@ccluster/db';
import { countIndexes, formatIndexSet, inheritedIndexes, type PlacementDecision } from '@ccluster/domain';
import type { InheritedStatus, JobOrder } from '../cluster/cluster-writer.js';

/** What a claimed job orders from the cluster that was chosen for it. */
export async function readOrder(db: Queryable, job: ClaimedJob, placement: PlacementDecision): Promise<JobOrder> {
  const { id, epoch, spec, hasImagePullSecret } = job;
  const instanceType = await getInstanceType(db, placement.instanceTypeId);
  const inherited = inheritedStatus(job);
  return { jobId: id, epoch, namespace: placement.namespace, spec, hasImagePullSecret, inherited, instanceType };
}

function inheritedStatus({ inherited, spec }: ClaimedJob): InheritedStatus | null {
  if (inherited.length === 0) return null;
  const indexes = inheritedIndexes(inherited, spec.completions);
  return { completedIndexes: formatIndexSet(indexes), succeeded: countIndexes(indexes) };
}
