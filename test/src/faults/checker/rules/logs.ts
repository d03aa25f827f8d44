import type { Violation } from '../../violation.js';
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
  const stored = [...jobs.values()].flatMap((job) => (job.hidden ? [] : checkStored(evidence, job)));
  const followed = [...history.logFollowers.values()].flatMap((follower): Violation[] => {
    const what = wrongDelivery(follower, jobs.get(follower.jobId));
    return what === undefined ? [] : [{ rule: 'P8 logs', subject: `${follower.jobId} ${follower.subscriber}`, what }];
  });
  return [...stored, ...followed];
}

function checkStored(evidence: Evidence, job: StoredJob): Violation[] {
  const linesPerAttempt = evidence.history.jobs.get(job.id)?.created[0]?.linesPerAttempt;
  const ofAttempts = job.attempts.flatMap((attempt): Violation[] => {
    const what = wrongLog(job, attempt, linesPerAttempt);
    return what === undefined ? [] : [{ rule: 'P8 logs', subject: subjectOf(job, attempt), what }];
  });
  return [...ofAttempts, ...unknownAttempts(evidence, job)];
}

function wrongLog(job: StoredJob, attempt: StoredAttempt, linesPerAttempt: number | undefined): string | undefined {
  const { log } = attempt;
  if (!job.enableLogging) return log.lastNumber === 0 ? undefined : `has ${log.lastNumber} lines, and no logging`;
  if (log.problems.length > 0) return log.problems.join('; ');
  if (log.writer !== null && log.writer.hostname !== attempt.name)
    return `has the lines of ${log.writer.hostname}, and is ${attempt.name}`;
  if (job.phase !== 'ENDED') return undefined;
  if (!attempt.logComplete) return 'is not complete, though its job has ended';
  const expected = log.lineCount ?? linesPerAttempt;
  if (attempt.status !== 'SUCCEEDED' || expected === undefined || log.lastLine === expected || log.endsWithGap)
    return undefined;
  return `ends with line ${log.lastLine} of ${expected}`;
}

/** Pods that ran, by their cluster's word or their own, and of which nothing is stored: no gap tells of their lines. */
function unknownAttempts(evidence: Evidence, job: StoredJob): Violation[] {
  if (!job.enableLogging || job.phase !== 'ENDED') return [];
  const known = new Set(job.attempts.map(({ name }) => name));
  return startedPods(evidence, job.id).flatMap(({ cluster, name, uid, kubernetesJobUid }): Violation[] => {
    const isAnothers = kubernetesJobUid !== null && kubernetesJobUid !== job.kubernetesUid;
    if (known.has(name) || isAnothers) return [];
    const what = `${cluster} ${name} (${uid ?? 'unknown uid'}) ran, and no attempt of the job is it`;
    return [{ rule: 'P8 logs', subject: job.id, what }];
  });
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
