import type { Violation } from '../../violation.js';
import { partsOfPodName } from '../cluster-records.js';
import type { Evidence } from '../evidence.js';

/** Promise 9: each container has its own index and the job's number of tasks, by what it says itself. */
export function checkReservedVariables(evidence: Evidence): Violation[] {
  const { history, jobs, kubernetesJobs } = evidence;
  const jobOfName = new Map([...kubernetesJobs.values()].flat().map(({ name, jobId }) => [name, jobId]));
  const said = history.beacons.map(({ hostname, index, completions }) => {
    const { kubernetesJobName, index: ownIndex } = partsOfPodName(hostname);
    return { jobId: jobOfName.get(kubernetesJobName), hostname, index, completions, ownIndex };
  });
  const written = [...jobs.values()].flatMap(({ id, attempts }) =>
    attempts.flatMap(({ index, log }) => (log.writer === null ? [] : [{ jobId: id, ...log.writer, ownIndex: index }])),
  );
  const wrong = new Map<string, Violation>();
  for (const { jobId, hostname, index, completions, ownIndex } of [...said, ...written]) {
    const expected = jobs.get(jobId ?? '')?.completions ?? history.jobs.get(jobId ?? '')?.created[0]?.completions;
    const isRight = (ownIndex === null || ownIndex === index) && (expected === undefined || expected === completions);
    if (isRight) continue;
    const what = `says it is task ${index} of ${completions}, and is ${ownIndex ?? 'unknown'} of ${expected ?? 'unknown'}`;
    wrong.set(hostname, { rule: 'P9 reserved variables', subject: hostname, what });
  }
  return [...wrong.values()];
}
