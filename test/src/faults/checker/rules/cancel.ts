import type { Violation } from '../../violation.js';
import type { PodRecord } from '../cluster-evidence.js';
import { clock, firstReleaseOf, startedPods, type Evidence } from '../evidence.js';
import type { Answer, SeenJob } from '../history-evidence.js';

/**
 * I2, promise 4: where a cancel was answered before any release, no pod ever starts. CANCELLED is given only when no pod
 * is left: none lives on after it, and none is made.
 */
export function checkCancel(evidence: Evidence): Violation[] {
  return [...evidence.history.jobs].flatMap(([jobId, seen]) => {
    const cancel = seen.cancels[0];
    const early = cancel === undefined ? [] : startedThoughCancelled(evidence, jobId, cancel);
    return early.length > 0 ? early : aliveAfterCancelled(evidence, jobId, seen);
  });
}

function startedThoughCancelled(evidence: Evidence, jobId: string, cancel: Answer): Violation[] {
  const releasedAt = firstReleaseOf(evidence, jobId);
  if (releasedAt !== null && releasedAt <= cancel.at) return [];
  // Answered with CANCELLED, it was not armed; with CANCELLING it was, but nothing had been released.
  const rule = cancel.status === 'CANCELLED' ? 'I2' : 'P4 cancel';
  return startedPods(evidence, jobId).map(({ cluster, name, startedAt }) => ({
    rule,
    subject: jobId,
    what: `${cluster} ${name} started at ${clock(startedAt)}; its cancel had been answered at ${clock(cancel.at)}, before any release`,
  }));
}

function aliveAfterCancelled({ pods }: Evidence, jobId: string, { sightings }: SeenJob): Violation[] {
  const given = sightings.find(({ status }) => status === 'CANCELLED');
  if (given === undefined) return [];
  return (pods.get(jobId) ?? []).flatMap((pod): Violation[] => {
    const alive = aliveAfter(pod, given.at);
    if (alive === undefined) return [];
    const what = `${pod.cluster} ${pod.name} ${alive}; CANCELLED had been given at ${clock(given.at)}`;
    return [{ rule: 'P4 cancel', subject: jobId, what }];
  });
}

function aliveAfter({ createdAt, startedAt, endedAt }: PodRecord, givenAt: number): string | undefined {
  if (startedAt !== null && startedAt > givenAt) return `started at ${clock(startedAt)}`;
  if (createdAt !== null && createdAt > givenAt) return `was made at ${clock(createdAt)}`;
  if (endedAt !== null && endedAt > givenAt) return `ran until ${clock(endedAt)}`;
  return undefined;
}
