import type { Violation } from '../../violation.js';
import { clock, firstReleaseOf, startedPods, type Evidence } from '../evidence.js';
import type { SeenJob } from '../history-evidence.js';

interface Pause {
  readonly from: number;
  /** When somebody asked for it to go on. */
  readonly to: number;
  readonly why: string;
}

/**
 * Promise 10: from when SUSPENDED was seen, until somebody asks for a resume, no pod runs; nor does one start from when a
 * suspend was answered before any release.
 */
export function checkSuspend(evidence: Evidence): Violation[] {
  return [...evidence.history.jobs].flatMap(([jobId, seen]) => {
    const pauses = pausesOf(seen, firstReleaseOf(evidence, jobId), evidence.gatheredAt);
    const violations = startedPods(evidence, jobId).flatMap(({ cluster, name, startedAt, endedAt }): Violation[] => {
      const pause = pauses.find(
        ({ from, to }) =>
          (startedAt > from && startedAt < to) || (startedAt <= from && endedAt !== null && endedAt > from),
      );
      if (pause === undefined) return [];
      const until = endedAt === null ? '' : ` to ${clock(endedAt)}`;
      const what = `${cluster} ${name} ran from ${clock(startedAt)}${until}; ${pause.why} at ${clock(pause.from)}`;
      return [{ rule: 'P10 suspend', subject: jobId, what }];
    });
    return violations;
  });
}

function pausesOf({ sightings, suspends, resumes }: SeenJob, releasedAt: number | null, gatheredAt: number): Pause[] {
  const nextResume = (at: number) =>
    Math.min(...resumes.map(({ askedAt }) => askedAt).filter((askedAt) => askedAt > at), gatheredAt);
  const seen = sightings
    .filter(({ status }) => status === 'SUSPENDED')
    // Where a resume was under way meanwhile, nobody can say which came first.
    .filter((sighting) => !resumes.some(({ askedAt, at }) => askedAt <= sighting.at && at >= sighting.askedAt))
    .map(({ at }) => ({ from: at, to: nextResume(at), why: 'SUSPENDED was seen' }));
  const first = suspends[0];
  const wasHeld = first !== undefined && (releasedAt === null || releasedAt > first.at);
  if (!wasHeld || resumes.some(({ askedAt }) => askedAt <= first.at)) return seen;
  return [...seen, { from: first.at, to: nextResume(first.at), why: 'it was suspended before any release,' }];
}
