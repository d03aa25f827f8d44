import type { Violation } from '../../violation.js';
import type { Evidence } from '../evidence.js';
import type { StoredJob } from '../stored-job.js';

/**
 * I3, promise 5: every accepted job has ended, or says what it waits for, or runs. SUCCEEDED is Kubernetes' Complete;
 * FAILED has a reason.
 */
export function checkEndOrReason(evidence: Evidence): Violation[] {
  return [...evidence.jobs.values()].flatMap((job) => {
    const what = whatIsWrong(evidence, job);
    if (what === undefined) return [];
    return [{ rule: job.phase === 'ENDED' ? 'P5 end or reason' : 'I3', subject: job.id, what }];
  });
}

function whatIsWrong(evidence: Evidence, job: StoredJob): string | undefined {
  if (job.phase !== 'ENDED') {
    if (job.reasonCode !== null || (job.status === 'RUNNING' && hasRunningPod(evidence, job))) return undefined;
    return `is ${job.status} without a reason${job.status === 'RUNNING' ? ', and no pod of it runs' : ''}`;
  }
  if (job.outcome === 'FAILED' && job.reasonCode === null) return 'FAILED without a reason';
  const verdict = verdictOf(evidence, job);
  if (job.outcome === 'SUCCEEDED' && verdict === 'Failed') return 'SUCCEEDED, but Kubernetes says Failed';
  return undefined;
}

function hasRunningPod({ liveObjects }: Evidence, { id }: StoredJob): boolean {
  return liveObjects.some(({ jobId, isRunningPod }) => jobId === id && isRunningPod);
}

function verdictOf({ kubernetesJobs }: Evidence, { id, kubernetesUid }: StoredJob): 'Complete' | 'Failed' | null {
  const armed = kubernetesJobs.get(id)?.find(({ uid }) => uid !== null && uid === kubernetesUid);
  return armed?.status?.verdict ?? null;
}
