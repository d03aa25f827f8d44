import type { Violation } from '../../violation.js';
import { clock, type Evidence } from '../evidence.js';
import type { SeenJob } from '../history-evidence.js';
import { isEnd, type Sighting } from '../sighting.js';
import type { StoredJob } from '../stored-job.js';

/** I4, promise 5: SUCCEEDED, FAILED and CANCELLED, once seen, are all that is ever seen. */
export function checkTerminalForEver({ history, jobs }: Evidence): Violation[] {
  const ids = new Set([...history.jobs.keys(), ...jobs.keys()]);
  return [...ids].flatMap((jobId) => {
    const what = whatChanged(history.jobs.get(jobId), jobs.get(jobId));
    return what === undefined ? [] : [{ rule: 'I4', subject: jobId, what }];
  });
}

function whatChanged(seen: SeenJob | undefined, stored: StoredJob | undefined): string | undefined {
  const end = seen?.sightings.find(({ status }) => isEnd(status));
  if (seen !== undefined && end !== undefined) {
    const other = seen.sightings.find((sighting) => contradicts(sighting, end));
    if (other !== undefined) return `was seen ${end.status} at ${clock(end.at)}, and ${other.status} afterwards`;
    if (stored !== undefined && stored.status !== end.status)
      return `was seen ${end.status} at ${clock(end.at)}, and is stored as ${stored.status}`;
  }
  return stored === undefined ? undefined : whatIsStored(stored);
}

/** Another end; or an open status that somebody was answered who asked when the end had been given. */
function contradicts({ status, lastAskedAt }: Sighting, end: Sighting): boolean {
  return isEnd(status) ? status !== end.status : lastAskedAt > end.at;
}

/** A row that says two things, or whose events do. */
function whatIsStored({ phase, outcome, status, events }: StoredJob): string | undefined {
  if (phase === 'ENDED' && outcome !== status) return `is stored as ${status}, and as ${outcome}`;
  const end = events.findIndex((event) => isEnd(event.status as Sighting['status']));
  const given = events[end]?.status;
  if (given === undefined) return undefined;
  const other = events.slice(end).find((event) => event.status !== given);
  if (other !== undefined)
    return `became ${given} with event ${events[end]?.sequence}, and ${other.status} with ${other.sequence}`;
  return given === status ? undefined : `became ${given}, and is stored as ${status}`;
}
