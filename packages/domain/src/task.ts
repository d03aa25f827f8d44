import { countIndexes, differenceIndexes, hasIndex, unionIndexes, type IndexSet } from './index-set.js';

export type TaskStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** Where a job's tasks are, each index in at most one of the three; an index in none has not run, or waits for a retry. */
export interface TaskProgress {
  /** Kubernetes' `completedIndexes`: once in, for ever in. */
  readonly succeeded: IndexSet;
  readonly running: IndexSet;
  /** The newest attempt failed by itself, and was not merely killed with its job. */
  readonly failed: IndexSet;
}

export interface TaskCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}

export const noProgress: TaskProgress = { succeeded: [], running: [], failed: [] };

/**
 * Merges what is seen now into what was known: success is never taken back, and success beats running beats failed.
 */
export function withProgress(known: TaskProgress, seen: TaskProgress): TaskProgress {
  const succeeded = unionIndexes(known.succeeded, seen.succeeded);
  const running = differenceIndexes(seen.running, succeeded);
  return { succeeded, running, failed: differenceIndexes(differenceIndexes(seen.failed, succeeded), running) };
}

/** Status of one task. Until the job has ended a failed attempt may be retried, so its task is PENDING. */
export function taskStatus(progress: TaskProgress, index: number, jobEnded: boolean): TaskStatus {
  if (hasIndex(progress.succeeded, index)) return 'SUCCEEDED';
  if (jobEnded) return hasIndex(progress.failed, index) ? 'FAILED' : 'CANCELLED';
  return hasIndex(progress.running, index) ? 'RUNNING' : 'PENDING';
}

/** The indexes that have one status; the five sets partition 0 … completions − 1. */
export function tasksWithStatus(
  progress: TaskProgress,
  completions: number,
  status: TaskStatus,
  jobEnded: boolean,
): IndexSet {
  const all: IndexSet = [[0, completions - 1]];
  const open = differenceIndexes(all, progress.succeeded);
  switch (status) {
    case 'SUCCEEDED':
      return progress.succeeded;
    case 'RUNNING':
      return jobEnded ? [] : progress.running;
    case 'PENDING':
      return jobEnded ? [] : differenceIndexes(open, progress.running);
    case 'FAILED':
      return jobEnded ? progress.failed : [];
    case 'CANCELLED':
      return jobEnded ? differenceIndexes(open, progress.failed) : [];
  }
}

/** The five always sum to `completions`. */
export function countTasks(progress: TaskProgress, completions: number, jobEnded: boolean): TaskCounts {
  const count = (status: TaskStatus) => countIndexes(tasksWithStatus(progress, completions, status, jobEnded));
  return {
    pending: count('PENDING'),
    running: count('RUNNING'),
    succeeded: count('SUCCEEDED'),
    failed: count('FAILED'),
    cancelled: count('CANCELLED'),
  };
}
