import type { Violation } from '../../violation.js';
import { digestOfEvents, type EventFollower } from '../event-follower.js';
import type { Evidence } from '../evidence.js';
import type { StoredEvent, StoredJob } from '../stored-job.js';

/** There is one of each in the life of a job. */
const ONCE = ['CREATED', 'DISPATCHED', 'CANCEL_REQUESTED', 'FINISHED'];

/**
 * Promise 7: a job's events are numbered from 1 without holes, each transition is one, the last is FINISHED; and every
 * follower was given each that follows its cursor, once and in order, to the end.
 */
export function checkEvents({ history, jobs }: Evidence): Violation[] {
  const stored = [...jobs.values()].flatMap((job): Violation[] => {
    const what = job.hidden ? undefined : (wrongNumbers(job) ?? wrongEvents(job));
    return what === undefined ? [] : [{ rule: 'P7 events', subject: job.id, what }];
  });
  const followed = [...history.eventFollowers.values()].flatMap((follower): Violation[] => {
    const what = wrongDelivery(follower, jobs.get(follower.jobId));
    if (what === undefined) return [];
    return [{ rule: 'P7 events', subject: `${follower.jobId} ${follower.subscriber}`, what }];
  });
  return [...stored, ...followed];
}

function wrongNumbers({ events, eventSequence }: StoredJob): string | undefined {
  const wrong = events.findIndex(({ sequence }, i) => sequence !== i + 1);
  if (wrong !== -1) return `after event ${wrong} is stored event ${events[wrong]?.sequence}`;
  return events.length === eventSequence ? undefined : `has ${events.length} events and counts ${eventSequence}`;
}

function wrongEvents({ events, phase }: StoredJob): string | undefined {
  const twice = ONCE.find((type) => events.filter((event) => event.type === type).length > 1);
  if (twice !== undefined) return `has two events ${twice}`;
  if (events[0]?.type !== 'CREATED') return `begins with ${events[0]?.type ?? 'no event'}`;
  const last = events.at(-1);
  if ((phase === 'ENDED') !== (last?.type === 'FINISHED')) return `is ${phase} and its last event is ${last?.type}`;
  const repeated = findRepeated(events);
  return repeated === undefined
    ? undefined
    : `event ${repeated.sequence} tells again what was told of ${repeated.podId}`;
}

/** Of a pod, an event is a change of its status or of its reason. */
function findRepeated(events: readonly StoredEvent[]): StoredEvent | undefined {
  const told = new Map<string, string>();
  return events.find(({ podId, podStatus, message }) => {
    if (podId === null) return false;
    const words = `${podStatus} ${message}`;
    const isRepeated = told.get(podId) === words;
    told.set(podId, words);
    return isRepeated;
  });
}

function wrongDelivery(follower: EventFollower, job: StoredJob | undefined): string | undefined {
  const { problems, firstSequence, lastSequence, completed, stopped, digest } = follower;
  if (problems.length > 0) return problems.join('; ');
  if (job === undefined || job.hidden) return undefined;
  if (firstSequence !== null && lastSequence !== null) {
    const told = job.events.filter(({ sequence }) => sequence >= firstSequence && sequence <= lastSequence);
    if (digestOfEvents(told) !== digest)
      return `was given other events ${firstSequence} to ${lastSequence} than are stored`;
  }
  if (stopped) return undefined;
  if (completed && (lastSequence ?? job.eventSequence) !== job.eventSequence)
    return `was completed after event ${lastSequence} of ${job.eventSequence}`;
  return completed || job.phase !== 'ENDED' || lastSequence === null
    ? undefined
    : `was not completed: event ${lastSequence} of ${job.eventSequence} was the last`;
}
