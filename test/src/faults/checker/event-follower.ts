import { z } from 'zod';

import type { EventOperation } from '../history.js';

/** Who followed the events of a job, and what came of it, in a memory that does not grow with it. */
export interface EventFollower {
  readonly subscriber: string;
  readonly jobId: string;
  /** Of the first event that came; null before it. A SNAPSHOT is none. */
  firstSequence: number | null;
  /** Of the newest event that came, or that the SNAPSHOT stands for; null before the first. */
  lastSequence: number | null;
  /** Of all that came: as `digestOfEvents` of the same events. */
  digest: number;
  /** What is wrong with their order, the first few. */
  readonly problems: string[];
  completed: boolean;
  /** By its own will. */
  stopped: boolean;
}

export interface NumberedEvent {
  readonly sequence: number;
  readonly type: string;
  readonly status: string;
}

const MAX_PROBLEMS = 3;

export function eventFollower(
  followers: Map<string, EventFollower>,
  { subscriber, jobId }: { readonly subscriber: string; readonly jobId: string },
): EventFollower {
  const key = `${subscriber}\n${jobId}`;
  const known = followers.get(key);
  if (known !== undefined) return known;
  const nothing = { firstSequence: null, lastSequence: null, digest: 0, completed: false, stopped: false };
  const unknown: EventFollower = { subscriber, jobId, ...nothing, problems: [] };
  followers.set(key, unknown);
  return unknown;
}

export function addEvent(follower: EventFollower, { cursor, type, status }: EventOperation): void {
  const { jobId, sequence } = parseEventCursor(cursor);
  const { lastSequence } = follower;
  if (jobId !== follower.jobId) complain(follower, `was given an event of ${jobId}`);
  follower.lastSequence = sequence;
  if (type === 'SNAPSHOT') {
    if (lastSequence !== null && lastSequence !== sequence)
      complain(follower, `after event ${lastSequence} it was put to event ${sequence}`);
    return;
  }
  follower.firstSequence ??= sequence;
  follower.digest = withEvent(follower.digest, { sequence, type, status });
  if (lastSequence !== null && sequence !== lastSequence + 1)
    complain(follower, `after event ${lastSequence} came event ${sequence}`);
}

function complain({ problems }: EventFollower, problem: string): void {
  if (problems.length < MAX_PROBLEMS) problems.push(problem);
}

/** In any order. */
export function digestOfEvents(events: readonly NumberedEvent[]): number {
  return events.reduce(withEvent, 0);
}

function withEvent(digest: number, { sequence, type, status }: NumberedEvent): number {
  return (digest ^ fnv1a(`${sequence} ${type} ${status}`)) >>> 0;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** For callers it is opaque; to find out which events are missing it has to be read, as the api writes it. */
const eventCursor = z.tuple([z.literal('events'), z.string(), z.object({ sequence: z.int() })]);

function parseEventCursor(cursor: string): { readonly jobId: string; readonly sequence: number } {
  const [, jobId, { sequence }] = eventCursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  return { jobId, sequence };
}

/** For evidence that a test makes itself. */
export function formatEventCursor(jobId: string, sequence: number): string {
  const position: z.output<typeof eventCursor> = ['events', jobId, { sequence }];
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}
