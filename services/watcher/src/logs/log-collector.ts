import { countLogBytes, findStoredLog, type ClusterLease, type Database, type LogBatch } from '@ccluster/db';
import { CONTAINER_NAME } from '@ccluster/domain';
import { followLog, type ClusterConnection, type LogPosition } from '@ccluster/kubernetes';
import type { Logger } from '@ccluster/runtime';
import { LogBudget } from './log-budget.js';
import { LogWriter } from './log-writer.js';
import { toRecords } from './to-records.js';

/** Streams held open to one API server. */
const MAX_OPEN_FOLLOWS = 500;
const RETRY_AFTER_MS = 1_000;

/** One attempt whose log is kept. */
export interface LoggedPod {
  readonly podId: string;
  readonly jobId: string;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Its end has been seen: what is not read soon may be gone. */
  readonly hasEnded: boolean;
}

export interface LogCollectorOptions {
  readonly database: Database;
  readonly lease: ClusterLease;
  readonly connection: ClusterConnection;
  /** Text kept of one job, bytes. */
  readonly limitBytes: number;
  /** Whether the container has ended for good, by what is known now. */
  readonly isFinished: (podUid: string) => boolean;
  /** New lines of these jobs are stored. */
  readonly onStored: (jobIds: ReadonlySet<string>) => void;
  /** Nothing more comes of this log, and that is stored. */
  readonly onComplete: (pod: LoggedPod) => void;
  readonly onFatal: (error: unknown) => void;
  readonly log: Logger;
}

interface Follow {
  readonly pod: LoggedPod;
  readonly stopping: AbortController;
  ended: Promise<void>;
}

/** Follows the logs of a cluster's attempts into the database, each line once, whatever is restarted in between. */
export class LogCollector {
  readonly #options: LogCollectorOptions;
  readonly #writer: LogWriter;
  readonly #budget: LogBudget;
  /** By pod id. */
  readonly #open = new Map<string, Follow>();
  readonly #queued = new Map<string, LoggedPod>();
  #isStopped = false;

  constructor(options: LogCollectorOptions) {
    this.#options = options;
    this.#budget = new LogBudget(options.limitBytes, (jobId) => countLogBytes(options.database.db, jobId));
    const onStored = (batches: readonly LogBatch[]): void => this.#tellStored(batches);
    const { database, lease, onFatal, log } = options;
    this.#writer = new LogWriter({ database, lease, onStored, onFatal, log });
  }

  /** Sees to it that this log is read to its end. Asking again is nothing new. */
  follow(pod: LoggedPod): void {
    if (this.#open.has(pod.podId) || this.#isStopped) return;
    this.#queued.set(pod.podId, pod);
    this.#openNext();
  }

  /** Stops reading the logs of a job; nothing of them is stored after this resolves. */
  async forget(jobId: string): Promise<void> {
    for (const pod of this.#queued.values()) if (pod.jobId === jobId) this.#queued.delete(pod.podId);
    const follows = [...this.#open.values()].filter((follow) => follow.pod.jobId === jobId);
    for (const follow of follows) follow.stopping.abort();
    await Promise.all(follows.map((follow) => follow.ended));
    if (follows.length > 0) await this.#writer.discard(follows.map((follow) => follow.pod.podId));
    this.#budget.forget(jobId);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#queued.clear();
    for (const follow of this.#open.values()) follow.stopping.abort();
    await Promise.all([...this.#open.values()].map((follow) => follow.ended));
    await this.#writer.stop();
  }

  #openNext(): void {
    while (this.#open.size < MAX_OPEN_FOLLOWS && !this.#isStopped) {
      const queued = [...this.#queued.values()];
      // What has ended can be lost; what runs can wait.
      const pod = queued.find((each) => each.hasEnded) ?? queued[0];
      if (pod === undefined) return;
      this.#queued.delete(pod.podId);
      const follow: Follow = { pod, stopping: new AbortController(), ended: Promise.resolve() };
      this.#open.set(pod.podId, follow);
      follow.ended = this.#run(follow);
    }
  }

  async #run({ pod, stopping }: Follow): Promise<void> {
    const { signal } = stopping;
    try {
      await this.#read(pod, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.log.warn({ error, podId: pod.podId }, 'a log could not be followed; it is begun again');
      setTimeout(() => this.#again(pod), RETRY_AFTER_MS).unref();
    } finally {
      // A complete log is taken off when that is stored, so that it is not begun again before.
      if (!signal.aborted) this.#openNext();
    }
  }
}
