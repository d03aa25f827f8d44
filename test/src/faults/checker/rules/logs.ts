import type { Violation } from '../../violation.js';
import { partsOfHostname } from '../cluster-records.js';
import { startedPods, type Evidence } from '../evidence.js';
import type { LogFollower } from '../history-evidence.js';
import type { LogTally } from '../log-tally.js';
import type { StoredAttempt, StoredJob } from '../stored-job.js';

/**
 * Promise 8: every line of every attempt is stored once, in order, numbered from 1, or a gap says that some are missing;
 * and each follower was given all of them, to the end. Without logging nothing is stored.
 */
export function checkLogs(evidence: Evidence): Violation[] {
  const { jobs, history } = evidence;
  const starts = countStarts(evidence);
  const stored = [...jobs.values()].flatMap((job) =>
    job.hidden ? [] : checkStored(evidence, job, starts.get(job.id) ?? new Map()),
  );
  const followed = [...history.logFollowers.values()].flatMap((follower): Violation[] => {
    const what = wrongDelivery(follower, jobs.get(follower.jobId));
    return what === undefined ? [] : [{ rule: 'P8 logs', subject: `${follower.jobId} ${follower.subscriber}`, what }];
  });
  return [...stored, ...followed];
}

function checkStored(evidence: Evidence, job: StoredJob, starts: ReadonlyMap<number, number>): Violation[] {
  const linesPerAttempt = evidence.history.jobs.get(job.id)?.created[0]?.linesPerAttempt;
  const ofAttempts = job.attempts.flatMap((attempt): Violation[] => {
    const what = wrongLog(job, attempt, linesPerAttempt) ?? sameRun(job, attempt);
    return what === undefined ? [] : [{ rule: 'P8 logs', subject: subjectOf(job, attempt), what }];
  });
  return [...ofAttempts, ...unknownAttempts(evidence, job, starts)];
}

function wrongLog(job: StoredJob, attempt: StoredAttempt, linesPerAttempt: number | undefined): string | undefined {
  const { log } = attempt;
  if (!job.enableLogging) return log.lastNumber === 0 ? undefined : `has ${log.lastNumber} lines, and no logging`;
  if (log.problems.length > 0) return log.problems.join('; ');
  if (log.writer !== null && !attempt.name.startsWith(`${log.writer.hostname}-`))
    return `has the lines of ${log.writer.hostname}, and is ${attempt.name}`;
  if (job.phase !== 'ENDED') return undefined;
  if (!attempt.logComplete) return 'is not complete, though its job has ended';
  const expected = log.lineCount ?? linesPerAttempt;
  if (attempt.status !== 'SUCCEEDED' || expected === undefined || log.lastLine === expected || log.endsWithGap)
    return undefined;
  return `ends with line ${log.lastLine} of ${expected}`;
}

/** Two attempts of one task have one host name, but each start of a container has a number of its own. */
function sameRun({ attempts }: StoredJob, attempt: StoredAttempt): string | undefined {
  const { writer } = attempt.log;
  const isBefore = (other: StoredAttempt) => other.index === attempt.index && other.attempt < attempt.attempt;
  const other = attempts.find((each) => writer !== null && isBefore(each) && each.log.writer?.run === writer.run);
  return other === undefined ? undefined : `has the lines of attempt ${other.attempt}`;
}

/** Pods that ran, by their cluster's word or their own, and of which nothing is stored: no gap tells of their lines. */
function unknownAttempts(evidence: Evidence, job: StoredJob, starts: ReadonlyMap<number, number>): Violation[] {
  if (!job.enableLogging || job.phase !== 'ENDED') return [];
  const known = new Set(job.attempts.map(({ uid }) => uid));
  const inClusters = startedPods(evidence, job.id).flatMap(({ cluster, name, uid, kubernetesJobUid }): Violation[] => {
    const isAnothers = kubernetesJobUid !== null && kubernetesJobUid !== job.kubernetesUid;
    if (uid === null || known.has(uid) || isAnothers) return [];
    const what = `${cluster} ${name} (${uid}) ran, and no attempt of the job is it`;
    return [{ rule: 'P8 logs', subject: job.id, what }];
  });
  return inClusters.length > 0 ? inClusters : tooFewAttempts(job, starts);
}

function tooFewAttempts(job: StoredJob, starts: ReadonlyMap<number, number>): Violation[] {
  return [...starts].flatMap(([index, count]): Violation[] => {
    const stored = job.attempts.filter((attempt) => attempt.index === index).length;
    if (count <= stored) return [];
    const what = `task ${index} was started ${count} times, by its own word, and has ${stored} attempts`;
    return [{ rule: 'P8 logs', subject: job.id, what }];
  });
}

/** By job and task, how often a container said that it had started. */
function countStarts({ history, jobOfName }: Evidence): Map<string, Map<number, number>> {
  const all = new Map<string, Map<number, number>>();
  for (const { hostname } of history.beacons) {
    const { kubernetesJobName, index } = partsOfHostname(hostname);
    const jobId = jobOfName.get(kubernetesJobName);
    if (jobId === undefined || index === null) continue;
    const starts = all.get(jobId) ?? new Map<number, number>();
    all.set(jobId, starts.set(index, (starts.get(index) ?? 0) + 1));
  }
  return all;
}

function wrongDelivery({ logs, completed, stopped }: LogFollower, job: StoredJob | undefined): string | undefined {
  const problems = [...logs].flatMap(([podId, log]) => log.problems.map((problem) => `${podId}: ${problem}`));
  if (problems.length > 0) return problems.slice(0, 3).join('; ');
  if (job === undefined || job.hidden || stopped) return undefined;
  if (!completed)
    return job.phase === 'ENDED' && logs.size > 0 ? 'was not completed, though the job has ended' : undefined;
  const short = job.attempts.find(({ id, log }) => lastNumber(logs.get(id)) !== log.lastNumber);
  if (short === undefined) return undefined;
  return `was completed after line ${lastNumber(logs.get(short.id))} of ${short.log.lastNumber} of ${short.id}`;
}

function lastNumber(log: LogTally | undefined): number {
  return log?.lastNumber ?? 0;
}

function subjectOf({ id }: StoredJob, { index, attempt }: StoredAttempt): string {
  return `${id} ${index}/${attempt}`;
}
