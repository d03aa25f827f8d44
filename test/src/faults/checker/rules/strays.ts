import type { Violation } from '../../violation.js';
import type { LiveObject } from '../cluster-evidence.js';
import type { Evidence } from '../evidence.js';
import type { StoredJob } from '../stored-job.js';

/**
 * I5: nothing of the installation is in a cluster, without a row that owns it, for longer than this.
 * @param longestMs 0: at the end, when nothing may be left over at all
 */
export function checkStrays({ jobs, liveObjects, gatheredAt }: Evidence, longestMs: number): Violation[] {
  return liveObjects.flatMap((object) => {
    const owner = object.jobId === null ? undefined : jobs.get(object.jobId);
    const ageMs = gatheredAt - Math.max(object.createdAt, object.deletingSince ?? 0, owner?.endedAt ?? 0);
    if (ageMs < longestMs || (owner !== undefined && owns(owner, object))) return [];
    const why = owner === undefined ? 'no row has its job' : `its job is ${describe(owner)}`;
    const what = `${object.kind} of ${object.jobId ?? 'no job'} is there for ${Math.round(ageMs / 1000)} s: ${why}`;
    return [{ rule: 'I5', subject: `${object.cluster} ${object.name}`, what }];
  });
}

function owns(job: StoredJob, { clusterId, kubernetesJobUid }: LiveObject): boolean {
  switch (job.phase) {
    case 'QUEUED':
      return false;
    case 'PLACED':
      return job.clusterId === clusterId;
    case 'ARMED':
    case 'ENDING':
      return job.clusterId === clusterId && job.kubernetesUid === kubernetesJobUid;
    case 'ENDED':
      return job.clusterId === clusterId && !job.cleaned;
  }
}

function describe({ status, cleaned, kubernetesUid, clusterId }: StoredJob): string {
  return `${status}${cleaned ? ' and cleaned up' : ''}, in ${clusterId ?? 'no cluster'} with ${kubernetesUid ?? 'nothing armed'}`;
}
