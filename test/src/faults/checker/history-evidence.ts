import type { JobStatus } from '@ccluster/domain';

import type { Beacon, CreatedOperation, HistoryEntry, LineOperation, SeenCounts } from '../history.js';
import { addEvent, eventFollower, type EventFollower } from './event-follower.js';
import { createLogTally, tally, type LogTally } from './log-tally.js';
import { addSighting, type Sighting } from './sighting.js';

/** A history of any length, folded into what rules ask of it. */
export interface HistoryEvidence {
  readonly jobs: Map<string, SeenJob>;
  /** By request id. */
  readonly requests: Map<string, RequestAnswer[]>;
  /** By subscriber and job. */
  readonly eventFollowers: Map<string, EventFollower>;
  readonly logFollowers: Map<string, LogFollower>;
  readonly beacons: (Beacon & { readonly at: number })[];
}

/** What was answered about one job, in the order in which it was. */
export interface SeenJob {
  readonly created: (CreatedOperation & { readonly at: number })[];
  rerun: { readonly rerunOf: string; readonly onlyFailed: boolean } | null;
  readonly cancels: Answer[];
  readonly suspends: Answer[];
  readonly resumes: Answer[];
  readonly sightings: Sighting[];
  deleted: boolean;
}

/** A request that was sent and answered in between. */
export interface Answer {
  readonly askedAt: number;
  readonly at: number;
  readonly status: JobStatus;
}

/** What a request id was answered with: a job, or an error's code. */
export interface RequestAnswer {
  readonly at: number;
  readonly jobId: string | null;
  readonly code: string | null;
  /** null: the same input as before. */
  readonly digest: string | null;
}

export interface LogFollower {
  readonly subscriber: string;
  readonly jobId: string;
  /** By pod id. */
  readonly logs: Map<string, LogTally>;
  completed: boolean;
  stopped: boolean;
}

/** Where the scenario does not say when it asked: no request is waited for any longer. */
const LONGEST_REQUEST_MS = 30_000;

export function emptyHistory(): HistoryEvidence {
  return {
    jobs: new Map(),
    requests: new Map(),
    eventFollowers: new Map(),
    logFollowers: new Map(),
    beacons: [],
  };
}

export function addEntry(history: HistoryEvidence, entry: HistoryEntry): void {
  switch (entry.op) {
    case 'CREATED':
      jobOf(history, entry.jobId).created.push(entry);
      if (entry.requestId !== null) addAnswer(history, entry.requestId, entry);
      return;
    case 'REQUEST_REPLAYED':
      if (entry.jobId !== undefined) jobOf(history, entry.jobId);
      return addAnswer(history, entry.requestId, entry);
    case 'RERUN_ANSWERED':
      jobOf(history, entry.jobId).rerun = { rerunOf: entry.rerunOf, onlyFailed: entry.onlyFailed };
      return;
    case 'DELETED':
      jobOf(history, entry.jobId).deleted = true;
      return;
    case 'CANCEL_ANSWERED':
      return addControl(history, entry, 'cancels');
    case 'SUSPEND_ANSWERED':
      return addControl(history, entry, 'suspends');
    case 'RESUME_ANSWERED':
      return addControl(history, entry, 'resumes');
    case 'SAW_JOB':
      return see(history, entry, entry.counts ?? null);
    case 'EVENT':
      // An event tells of the past, however late it is read; what has ended has ended for good.
      if (entry.type === 'FINISHED') see(history, { ...entry, askedAt: entry.at }, null);
      return addEvent(eventFollower(history.eventFollowers, entry), entry);
    case 'EVENTS_COMPLETED':
      eventFollower(history.eventFollowers, entry).completed = true;
      return;
    case 'LINE':
      return addLine(logFollower(history, entry), entry);
    case 'LINES_COMPLETED':
      logFollower(history, entry).completed = true;
      return;
    case 'STOPPED_FOLLOWING':
      eventFollower(history.eventFollowers, entry).stopped = true;
      logFollower(history, entry).stopped = true;
      return;
    case 'BEACON':
      history.beacons.push(entry);
  }
}

function jobOf({ jobs }: HistoryEvidence, jobId: string): SeenJob {
  const known = jobs.get(jobId);
  if (known !== undefined) return known;
  const answers = { created: [], cancels: [], suspends: [], resumes: [], sightings: [] };
  const unknown: SeenJob = { ...answers, rerun: null, deleted: false };
  jobs.set(jobId, unknown);
  return unknown;
}

interface TimedStatus {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly at: number;
  readonly askedAt?: number;
}

function addControl(history: HistoryEvidence, entry: TimedStatus, list: 'cancels' | 'suspends' | 'resumes'): void {
  const { at, status, askedAt = at - LONGEST_REQUEST_MS } = entry;
  jobOf(history, entry.jobId)[list].push({ askedAt, at, status });
  see(history, entry, null);
}

function see(history: HistoryEvidence, entry: TimedStatus, counts: SeenCounts | null): void {
  const { at, status, askedAt = at - LONGEST_REQUEST_MS } = entry;
  addSighting(jobOf(history, entry.jobId).sightings, { status, counts, askedAt, at });
}

function addAnswer(
  { requests }: HistoryEvidence,
  requestId: string,
  entry: { readonly at: number; readonly jobId?: string; readonly code?: string; readonly digest?: string },
): void {
  const { at, jobId, code, digest } = entry;
  const answer = { at, jobId: jobId ?? null, code: code ?? null, digest: digest ?? null };
  const answers = requests.get(requestId);
  if (answers === undefined) requests.set(requestId, [answer]);
  else answers.push(answer);
}

interface Subscription {
  readonly subscriber: string;
  readonly jobId: string;
}

function logFollower({ logFollowers }: HistoryEvidence, { subscriber, jobId }: Subscription): LogFollower {
  const key = `${subscriber}\n${jobId}`;
  const known = logFollowers.get(key);
  if (known !== undefined) return known;
  const unknown = { subscriber, jobId, logs: new Map(), completed: false, stopped: false };
  logFollowers.set(key, unknown);
  return unknown;
}

function addLine(follower: LogFollower, { podId, number, text, gap }: LineOperation): void {
  let log = follower.logs.get(podId);
  if (log === undefined) {
    log = createLogTally();
    follower.logs.set(podId, log);
  }
  tally(log, { number, text: text ?? null, gap: gap ?? null });
}
