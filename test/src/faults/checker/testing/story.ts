import { parseIndexSet, type JobStatus } from '@ccluster/domain';

import type { HistoryOperation, SeenCounts } from '../../history.js';
import { formatTestLine } from '../../test-lines.js';
import type { KubernetesJobRecord, LiveObject, PodRecord } from '../cluster-evidence.js';
import { formatEventCursor } from '../event-follower.js';
import type { Evidence } from '../evidence.js';
import { addEntry, emptyHistory } from '../history-evidence.js';
import { createLogTally, tally } from '../log-tally.js';
import type { StoredAttempt, StoredEvent, StoredJob } from '../stored-job.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What happened, in seconds from its beginning, in parts that a test may change before the evidence is made of them. */
export interface Story {
  readonly history: [atSeconds: number, HistoryOperation][];
  readonly jobs: Map<string, Mutable<StoredJob>>;
  readonly requests: Map<string, string>;
  readonly kubernetesJobs: Mutable<KubernetesJobRecord>[];
  readonly pods: Mutable<PodRecord>[];
  readonly live: Mutable<LiveObject>[];
}

const START_MS = Date.parse('2026-01-01T12:00:00Z');
const END_SECONDS = 600;
export const LINES = 3;

export function seconds(after: number): number {
  return START_MS + after * 1000;
}

export function evidenceOf({ history, jobs, requests, kubernetesJobs, pods, live }: Story): Evidence {
  const folded = emptyHistory();
  for (const [at, operation] of history.toSorted(([left], [right]) => left - right))
    addEntry(folded, { ...operation, at: seconds(at) });
  return {
    gatheredAt: seconds(END_SECONDS),
    history: folded,
    jobs,
    requests,
    kubernetesJobs: Map.groupBy(kubernetesJobs, ({ jobId }) => jobId),
    pods: Map.groupBy(pods, ({ jobId }) => jobId),
    jobOfName: new Map([...folded.jobs.keys(), ...jobs.keys()].map((id) => [`k-${id}`, id])),
    liveObjects: live,
  };
}

/** Adds one job to a story: accepted, and as its row says. */
export function addJob(story: Story, id: string, status: JobStatus, overrides: Partial<StoredJob> = {}): void {
  addRow(story, id, status, overrides);
  const { completions } = getJob(story, id);
  const created = { op: 'CREATED', jobId: id, name: id, requestId: `r-${id}`, digest: `d-${id}`, completions } as const;
  story.history.push([0, { ...created, parallelism: completions, enableLogging: true, linesPerAttempt: LINES }]);
  story.requests.set(`r-${id}`, id);
}

/** Only its row. */
export function addRow(story: Story, id: string, status: JobStatus, overrides: Partial<StoredJob> = {}): void {
  const completions = overrides.completions ?? 2;
  const ended = ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status);
  const succeeded = status === 'SUCCEEDED' ? `0-${completions - 1}` : '';
  story.jobs.set(id, {
    id,
    name: id,
    status,
    phase: ended ? 'ENDED' : 'ARMED',
    outcome: ended ? status : null,
    reasonCode: status === 'SUCCEEDED' ? null : 'A_REASON',
    completions,
    enableLogging: true,
    clusterId: 'cl_east',
    kubernetesUid: `uid-${id}`,
    endedAt: ended ? 0 : null,
    cleaned: ended,
    rerunOf: null,
    succeeded: parseIndexSet(succeeded, completions),
    inherited: [],
    counts: countsOf(status, completions),
    eventSequence: 0,
    hidden: false,
    events: [],
    attempts: [],
    ...overrides,
  });
}

function countsOf(status: JobStatus, completions: number): SeenCounts {
  const none = { pending: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
  if (status === 'SUCCEEDED') return { ...none, succeeded: completions };
  if (status === 'FAILED') return { ...none, failed: completions };
  return status === 'CANCELLED' ? { ...none, cancelled: completions } : { ...none, pending: completions };
}

/** Its events, and a subscriber `all` who is given them, the last at `endSeconds`. */
export function addEvents(
  story: Story,
  id: string,
  endSeconds: number,
  events: readonly (readonly [string, JobStatus])[],
): void {
  const job = getJob(story, id);
  for (const [type, status] of events) {
    const sequence = job.events.length + 1;
    const event: StoredEvent = { sequence, type, status, podId: null, podStatus: null, message: type };
    job.events.push(event);
    const cursor = formatEventCursor(id, sequence);
    story.history.push([endSeconds, { op: 'EVENT', subscriber: 'all', jobId: id, cursor, type, status }]);
  }
  job.eventSequence = job.events.length;
  if (job.phase === 'ENDED') story.history.push([endSeconds, { op: 'EVENTS_COMPLETED', subscriber: 'all', jobId: id }]);
}

export function addKubernetesJob(story: Story, id: string, overrides: Partial<KubernetesJobRecord> = {}): void {
  const by = 'dispatcher';
  story.kubernetesJobs.push({
    cluster: 'east',
    clusterId: 'cl_east',
    namespace: 'jobs',
    name: `k-${id}`,
    uid: `uid-${id}`,
    jobId: id,
    createdAt: seconds(1),
    createdBy: by,
    changes: [
      { at: seconds(1), by, suspend: true, intent: 0 },
      { at: seconds(2), by, suspend: false, intent: 1 },
    ],
    releasedAt: seconds(2),
    deletedAt: seconds(100),
    deletedBy: by,
    status: null,
    ...overrides,
  });
}

/** A pod that ran, its beacon, its stored attempt with all its lines, and the subscriber `all` who is given them. */
export function addAttempt(
  story: Story,
  id: string,
  index: number,
  [from, to]: readonly [number, number],
  overrides: Partial<StoredAttempt> = {},
): void {
  const job = getJob(story, id);
  const attempt = job.attempts.filter((other) => other.index === index).length + 1;
  const name = `k-${id}-${index}-aaaa${attempt}`;
  const podId = `pod-${id}-${index}-${attempt}`;
  const exitCode = overrides.status === 'FAILED' ? 1 : 0;
  story.pods.push({
    cluster: 'east',
    clusterId: 'cl_east',
    name,
    uid: `uid-${name}`,
    jobId: id,
    kubernetesJobUid: job.kubernetesUid,
    index,
    createdAt: seconds(from),
    startedAt: seconds(from + 1),
    endedAt: seconds(to),
    exitCode,
    deletedAt: seconds(to + 1),
  });
  const { completions } = job;
  const hostname = `k-${id}-${index}`;
  const run = `0000000${attempt}`;
  const beacon = { jobToken: `t-${id}`, index, completions, hostname, cluster: 'east' };
  story.history.push([from + 1, { op: 'BEACON', ...beacon }]);
  const log = createLogTally();
  for (let number = 1; number <= LINES; number += 1) {
    const text = formatTestLine({ number, count: LINES, index, completions, hostname, run });
    tally(log, { number, text, gap: null });
    const line = { subscriber: 'all', jobId: id, podId, index, attempt, number, text };
    story.history.push([to, { op: 'LINE', ...line }]);
  }
  const stored = { id: podId, uid: `uid-${name}`, name, index, attempt, status: 'SUCCEEDED', logComplete: true, log };
  job.attempts.push({ ...stored, ...overrides });
}

export function getJob(story: Story, id: string): Mutable<StoredJob> {
  const job = story.jobs.get(id);
  if (job === undefined) throw new Error(`The story has no job ${id}`);
  return job;
}
