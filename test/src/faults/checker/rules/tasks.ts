import { countIndexes, differenceIndexes, formatIndexSet, parseIndexSet, type IndexSet } from '@ccluster/domain';

import type { SeenCounts } from '../../history.js';
import type { Violation } from '../../violation.js';
import type { Evidence } from '../evidence.js';
import { isEnd, type Sighting } from '../sighting.js';
import type { StoredJob } from '../stored-job.js';

/** Reasons of an end after which nobody could look at the Kubernetes Job any more. */
const UNSEEN_ENDS: ReadonlySet<string> = new Set(['KUBERNETES_JOB_GONE', 'CLUSTER_ABANDONED']);

/**
 * Promise 6: the tasks that SUCCEEDED are those in Kubernetes' `completedIndexes`, for ever; each task is counted once;
 * when a job has ended none is PENDING or RUNNING.
 */
export function checkTasks(evidence: Evidence): Violation[] {
  const { jobs, history } = evidence;
  const ids = new Set([...jobs.keys(), ...history.jobs.keys()]);
  return [...ids].flatMap((jobId) => {
    const job = jobs.get(jobId);
    const completions = job?.completions ?? history.jobs.get(jobId)?.created[0]?.completions;
    const what =
      (job === undefined ? undefined : wrongCounts(job.status, job.counts, job.completions)) ??
      (job === undefined ? undefined : wrongSuccesses(evidence, job)) ??
      wrongSightings(history.jobs.get(jobId)?.sightings ?? [], completions);
    return what === undefined ? [] : [{ rule: 'P6 tasks', subject: jobId, what }];
  });
}

function wrongCounts(status: string, counts: SeenCounts, completions: number): string | undefined {
  const { pending, running, succeeded, failed, cancelled } = counts;
  const sum = pending + running + succeeded + failed + cancelled;
  if (sum !== completions) return `counts ${sum} of ${completions} tasks`;
  if (!isEnd(status as Sighting['status'])) return undefined;
  if (pending + running > 0) return `is ${status} with ${pending} tasks PENDING and ${running} RUNNING`;
  return status === 'SUCCEEDED' && succeeded < completions
    ? `is SUCCEEDED with ${succeeded} of ${completions} tasks`
    : undefined;
}

function wrongSuccesses(evidence: Evidence, job: StoredJob): string | undefined {
  const { succeeded, counts, completions } = job;
  if (countIndexes(succeeded) !== counts.succeeded)
    return `counts ${counts.succeeded} tasks as SUCCEEDED, and has ${formatIndexSet(succeeded)}`;
  if (job.phase !== 'ENDED') return undefined;
  const completed = completedIndexes(evidence, job);
  if (completed === undefined) return taskWithoutSuccess(evidence, job);
  const tooFew = differenceIndexes(completed, succeeded);
  const tooMany = differenceIndexes(succeeded, completed);
  if (countIndexes(tooMany) > 0) return `has ${formatIndexSet(tooMany)} as SUCCEEDED, which Kubernetes has not`;
  if (countIndexes(tooFew) === 0 || UNSEEN_ENDS.has(job.reasonCode ?? '')) return undefined;
  return `lacks ${formatIndexSet(tooFew)} of ${completions} tasks, which Kubernetes has as completed`;
}

/** As the armed Kubernetes Job's last status said; undefined where none was written down. */
function completedIndexes({ kubernetesJobs }: Evidence, job: StoredJob): IndexSet | undefined {
  const armed = kubernetesJobs.get(job.id)?.find(({ uid }) => uid !== null && uid === job.kubernetesUid);
  if (armed?.status == null || armed.status.verdict === null) return undefined;
  return parseIndexSet(armed.status.completedIndexes, job.completions);
}

/** Without Kubernetes' own word: a pod of each task that succeeded exited with 0, where exits were written down. */
function taskWithoutSuccess({ pods }: Evidence, { id, succeeded, inherited }: StoredJob): string | undefined {
  const ended = (pods.get(id) ?? []).filter(({ exitCode }) => exitCode !== null);
  if (ended.length === 0) return undefined;
  const exited = new Set(ended.filter(({ exitCode }) => exitCode === 0).map(({ index }) => index));
  const own = differenceIndexes(succeeded, inherited);
  for (const [from, to] of own) {
    for (let index = from; index <= to; index += 1) {
      if (!exited.has(index)) return `has ${index} as SUCCEEDED, of which no pod exited with 0`;
    }
  }
  return undefined;
}

function wrongSightings(sightings: readonly Sighting[], completions: number | undefined): string | undefined {
  let most: (Sighting & { readonly counts: SeenCounts }) | undefined;
  for (const sighting of sightings) {
    const { counts, status, lastAskedAt } = sighting;
    if (counts === null || completions === undefined) continue;
    const wrong = wrongCounts(status, counts, completions);
    if (wrong !== undefined) return `was seen when it ${wrong}`;
    if (most !== undefined && counts.succeeded < most.counts.succeeded && lastAskedAt > most.at)
      return `was seen with ${most.counts.succeeded} tasks SUCCEEDED, and then with ${counts.succeeded}`;
    if (most === undefined || counts.succeeded > most.counts.succeeded) most = { ...sighting, counts };
  }
  return undefined;
}
