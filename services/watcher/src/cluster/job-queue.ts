import { backoffMs, type Logger } from '@ccluster/runtime';

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

/**
 * Jobs to be looked at: at once, a few at a time, each once however often it is marked, and never twice at a time.
 * Marks made before `start` are kept.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #stopping = new AbortController();
  /** In the order in which they were marked. */
  readonly #marked = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #failures = new Map<string, number>();
  #isStarted = false;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  mark(jobIds: Iterable<string>): void {
    for (const jobId of jobIds) this.#marked.add(jobId);
    this.#pump();
  }

  start(): void {
    this.#isStarted = true;
    this.#pump();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running.values());
  }

  #pump(): void {
    for (const jobId of this.#marked) {
      if (!this.#isStarted || this.#stopping.signal.aborted || this.#running.size >= CONCURRENCY) return;
      if (this.#running.has(jobId)) continue;
      this.#marked.delete(jobId);
      this.#running.set(jobId, this.#run(jobId));
    }
  }

  async #run(jobId: string): Promise<void> {
    clearTimeout(this.#timers.get(jobId));
    this.#timers.delete(jobId);
    const againInMs = await this.#attempt(jobId);
    this.#running.delete(jobId);
    if (againInMs !== undefined && !this.#stopping.signal.aborted) this.#markLater(jobId, againInMs);
    this.#pump();
  }

  async #attempt(jobId: string): Promise<number | undefined> {
    try {
      const againInMs = await this.#options.examine(jobId, this.#stopping.signal);
      this.#failures.delete(jobId);
      return againInMs;
    } catch (error) {
      if (this.#stopping.signal.aborted) return undefined;
      const failures = (this.#failures.get(jobId) ?? 0) + 1;
      this.#failures.set(jobId, failures);
      this.#options.log.warn({ error, jobId, failures }, 'a job could not be examined; it is tried again');
      return 100 + backoffMs(failures, RETRY_BACKOFF, Math.random);
    }
  }

  #markLater(jobId: string, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(jobId);
      this.mark([jobId]);
    }, delayMs);
    this.#timers.set(jobId, timer);
  }
}
