import type { JobStatus } from '@ccluster/domain';

import type { SeenCounts } from '../history.js';

/** A job that was seen to be the same, once or more often without anything else in between. */
export interface Sighting {
  readonly status: JobStatus;
  /** null: whoever looked did not say. */
  readonly counts: SeenCounts | null;
  /** The first look: it was so at some moment between. */
  readonly askedAt: number;
  readonly at: number;
  /** When the last who saw it so had asked: it was so at some moment after. */
  lastAskedAt: number;
}

const ENDED: ReadonlySet<JobStatus> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

export function isEnd(status: JobStatus): boolean {
  return ENDED.has(status);
}

export function addSighting(sightings: Sighting[], seen: Omit<Sighting, 'lastAskedAt'>): void {
  const last = sightings.at(-1);
  if (last !== undefined && isSame(last, seen)) last.lastAskedAt = Math.max(last.lastAskedAt, seen.askedAt);
  else sightings.push({ ...seen, lastAskedAt: seen.askedAt });
}

function isSame(one: Omit<Sighting, 'lastAskedAt'>, other: Omit<Sighting, 'lastAskedAt'>): boolean {
  return one.status === other.status && JSON.stringify(one.counts) === JSON.stringify(other.counts);
}
