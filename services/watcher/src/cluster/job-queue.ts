import { backoffMs, sleep, type Logger } from '@ccluster/runtime';

const CONCURRENCY = 4;
const RETRY_BACKOFF = { baseMs: 400, maxMs: 10_000 };

export interface JobQueueOptions {
  /**
   * Looks at one job. What it throws is logged, and the job is looked at again after a pause.
   * @returns when to look again even if nothing changes, milliseconds; undefined: not needed
   */
  readonly examine: (jobId: string, signal: AbortSignal) => Promise<number | undefined>;
  readonly log: Logger;
}

/** Jobs to be looked at: at once, a few at a time, each once however often it is marked, and never twice at a time. */
export interface JobQueue {
  mark(jobIds: Iterable<string>): void;
  /** Takes nothing up until `resume`; marks are kept. */
  pause(): void;
  resume(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

export function startJobQueue(options: JobQueueOptions): JobQueue {
  const stopping = new AbortController();
  const marked = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const failures = new Map<string, number>();
  let isPaused = false;

  const mark = (jobId: string): void => {
    marked.add(jobId);
    pump();
  };
  const pump = (): void => {
    for (const jobId of marked) {
      if (isPaused || stopping.signal.aborted || running.size >= CONCURRENCY) return;
      if (running.has(jobId)) continue;
      marked.delete(jobId);
      running.set(
        jobId,
        run(jobId).finally(() => {
          running.delete(jobId);
          pump();
        }),
      );
    }
  };
  const run = async (jobId: string): Promise<void> => {
    clearTimeout(timers.get(jobId));
    timers.delete(jobId);
    const againInMs = await attempt(jobId);
    if (againInMs === undefined || stopping.signal.aborted) return;
    timers.set(
      jobId,
      setTimeout(() => {
        timers.delete(jobId);
        mark(jobId);
      }, againInMs),
    );
  };
  const attempt = async (jobId: string): Promise<number | undefined> => {
    try {
      const againInMs = await options.examine(jobId, stopping.signal);
      failures.delete(jobId);
      return againInMs;
    } catch (error) {
      if (stopping.signal.aborted) return undefined;
      const count = (failures.get(jobId) ?? 0) + 1;
      failures.set(jobId, count);
      options.log.warn({ error, jobId, count }, 'a job could not be examined; it is tried again');
      return 100 + backoffMs(count, RETRY_BACKOFF, Math.random);
    }
  };

  return {
    mark: (jobIds) => {
      for (const jobId of jobIds) marked.add(jobId);
      pump();
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      pump();
    },
    stop: async () => {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all([...running.values(), sleep(0)]);
    },
  };
}
