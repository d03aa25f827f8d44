import {
  differenceIndexes,
  formatIndexSet,
  hasIndex,
  parseIndexSet,
  unionIndexes,
  type IndexSet,
} from '@ccluster/domain';

import type { Violation } from '../../violation.js';
import { startedPods, type Evidence } from '../evidence.js';

/** Promise 11: a re-run of only what failed starts no pod of a task that had succeeded, and shows it as SUCCEEDED. */
export function checkRerun(evidence: Evidence): Violation[] {
  return [...evidence.history.jobs].flatMap(([jobId, { rerun }]): Violation[] => {
    if (rerun === null || !rerun.onlyFailed) return [];
    const succeeded = succeededIn(evidence, rerun.rerunOf);
    const again = startedPods(evidence, jobId).filter(({ index }) => index !== null && hasIndex(succeeded, index));
    if (again.length > 0) {
      const what = `ran ${again.map(({ name }) => name).join(', ')}, of tasks that had succeeded in ${rerun.rerunOf}`;
      return [{ rule: 'P11 rerun', subject: jobId, what }];
    }
    const job = evidence.jobs.get(jobId);
    const lost = job === undefined ? [] : differenceIndexes(succeeded, job.succeeded);
    if (lost.length === 0) return [];
    return [{ rule: 'P11 rerun', subject: jobId, what: `does not have ${formatIndexSet(lost)} as SUCCEEDED` }];
  });
}

/** By its row, or by its Kubernetes Job where the row is gone. */
function succeededIn({ jobs, kubernetesJobs, history }: Evidence, jobId: string): IndexSet {
  const completions = jobs.get(jobId)?.completions ?? history.jobs.get(jobId)?.created[0]?.completions ?? 0;
  return (kubernetesJobs.get(jobId) ?? []).reduce<IndexSet>(
    (all, { status }) => unionIndexes(all, parseIndexSet(status?.completedIndexes ?? '', completions)),
    jobs.get(jobId)?.succeeded ?? [],
  );
}
