import type { Violation } from '../../violation.js';
import { partsOfHostname } from '../cluster-records.js';
import type { Evidence } from '../evidence.js';

interface Said {
  readonly jobId: string | undefined;
  /** Who says so. */
  readonly subject: string;
  readonly index: number;
  readonly completions: number;
  /** null: it is not known. */
  readonly ownIndex: number | null;
}

/** Promise 9: each container has its own index and the job's number of tasks, by what it says itself. */
export function checkReservedVariables(evidence: Evidence): Violation[] {
  const { history, jobs } = evidence;
  const wrong = new Map<string, Violation>();
  for (const { jobId = '', subject, index, completions, ownIndex } of [
    ...saidAtStart(evidence),
    ...written(evidence),
  ]) {
    const expected = jobs.get(jobId)?.completions ?? history.jobs.get(jobId)?.created[0]?.completions;
    const isRight = (ownIndex === null || ownIndex === index) && (expected === undefined || expected === completions);
    if (isRight) continue;
    const own = `${ownIndex ?? 'unknown'} of ${expected ?? 'unknown'}`;
    const what = `says it is task ${index} of ${completions}, and is ${own}`;
    wrong.set(subject, { rule: 'P9 reserved variables', subject, what });
  }
  return [...wrong.values()];
}

function saidAtStart({ history, jobOfName }: Evidence): Said[] {
  return history.beacons.map(({ hostname, index, completions }) => {
    const { kubernetesJobName, index: ownIndex } = partsOfHostname(hostname);
    return { jobId: jobOfName.get(kubernetesJobName), subject: hostname, index, completions, ownIndex };
  });
}

function written({ jobs }: Evidence): Said[] {
  return [...jobs.values()].flatMap(({ id, attempts }) =>
    attempts.flatMap(({ index, attempt, log: { writer } }) =>
      writer === null ? [] : [{ jobId: id, subject: `${id} ${index}/${attempt}`, ...writer, ownIndex: index }],
    ),
  );
}
