import type { JobStatus } from '@ccluster/domain';

/**
 * What the outside was told or saw, one acknowledged operation an entry: the checker holds what is in PostgreSQL and in
 * the clusters against it. `at` is when the answer was there.
 */
export type HistoryEntry = HistoryOperation & { readonly at: number };

/** As scenarios give it: `at` is now unless they say otherwise. All times are milliseconds since 1970. */
export type NewHistoryEntry = HistoryOperation & { readonly at?: number };

export type HistoryOperation =
  | CreatedOperation
  /** A createJob that was sent again, or at once from several callers: the job it was answered with, or the error code. */
  | {
      readonly op: 'REQUEST_REPLAYED';
      readonly requestId: string;
      readonly jobId?: string;
      readonly code?: string;
      /** Of its input; where it is not given, it was the same input. */
      readonly digest?: string;
    }
  | (Answered & { readonly op: 'CANCEL_ANSWERED' | 'SUSPEND_ANSWERED' | 'RESUME_ANSWERED' })
  /** `jobId` is the new job, `rerunOf` the finished one. */
  | { readonly op: 'RERUN_ANSWERED'; readonly jobId: string; readonly rerunOf: string; readonly onlyFailed: boolean }
  | { readonly op: 'DELETED'; readonly jobId: string }
  | (Answered & { readonly op: 'SAW_JOB'; readonly counts?: SeenCounts })
  | EventOperation
  /** The server completed the subscription. */
  | (Subscription & { readonly op: 'EVENTS_COMPLETED' })
  | LineOperation
  | (Subscription & { readonly op: 'LINES_COMPLETED' })
  /** The scenario itself stopped following: that it did not complete is no fault. */
  | (Subscription & { readonly op: 'STOPPED_FOLLOWING' })
  | ({ readonly op: 'BEACON' } & Beacon);

/** createJob was answered with a job. */
export interface CreatedOperation {
  readonly op: 'CREATED';
  readonly jobId: string;
  readonly name: string;
  readonly requestId: string | null;
  /** `digestOf` its input. */
  readonly digest: string;
  readonly completions: number;
  readonly parallelism: number;
  readonly enableLogging: boolean;
  /** Of `linesScript`, that each attempt writes if nothing ends it before; left out where it runs something else. */
  readonly linesPerAttempt?: number;
}

/** `askedAt` is when the request was sent: what it answers was true at some moment from then on. Default: 30 s before. */
interface Answered {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly askedAt?: number;
}

export interface SeenCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** A name for one reader, of whatever number of connections, who wants each item of a job once. */
interface Subscription {
  readonly subscriber: string;
  readonly jobId: string;
}

/** One event as a subscriber was given it. */
export interface EventOperation extends Subscription {
  readonly op: 'EVENT';
  readonly cursor: string;
  /** SNAPSHOT, or one of `JobEventType`. */
  readonly type: string;
  readonly status: JobStatus;
}

/** One log line as a subscriber was given it: `lineEntry` makes it. */
export interface LineOperation extends Subscription {
  readonly op: 'LINE';
  readonly podId: string;
  readonly index: number;
  readonly attempt: number;
  readonly number: number;
  /** Of a line of `linesScript`. */
  readonly text?: string;
  /** Of any other text. */
  readonly hash?: string;
  /** It is no line, but says that some are missing. */
  readonly gap?: string;
}

/** What a pod itself said when its container started. */
export interface Beacon {
  /** As the scenario gave it to the script: one a job. */
  readonly jobToken: string;
  readonly index: number;
  readonly completions: number;
  /** `<Kubernetes Job>-<index>`: the same for each attempt. */
  readonly hostname: string;
  /** From which cluster it came: its name. */
  readonly cluster: string;
}
