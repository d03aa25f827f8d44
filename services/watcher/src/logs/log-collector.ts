import { countLogBytes, type ClusterLease, type LogBatch } from '@ccluster/db';
import type { AtRisk } from '@ccluster/runtime';
import { LogBudgets } from './log-budget.js';
import { LogWriter } from './log-writer.js';
import { readPodLog, type LoggedPod, type ReadPodLogOptions } from './read-pod-log.js';

/** Streams held open to one API server. */
const MAX_OPEN_FOLLOWS = 500;

export interface LogCollectorOptions extends Omit<ReadPodLogOptions, 'budgets' | 'writer'> {
  readonly lease: ClusterLease;
  /** Text kept of one job, bytes. */
  readonly limitBytes: number;
  /** New lines of these jobs are stored. */
  readonly onStored: (jobIds: ReadonlySet<string>, batches: readonly LogBatch[]) => void;
  /** Nothing more comes of this log, and that is stored. */
  readonly onComplete: (pod: LoggedPod) => void;
  /** Logs cannot be stored any more: the lease is lost, or somebody else has stored some. */
  readonly onFatal: (error: unknown) => void;
  readonly atRisk: AtRisk<'watcher'>;
}

interface Follow {
  readonly pod: LoggedPod;
  readonly stopping: AbortController;
  /** Resolves once nothing of this log is read any more. */
  readonly ended: Promise<void>;
}

/** Follows the logs of a cluster's attempts into the database, each line once, whatever is restarted in between. */
export class LogCollector {
  readonly #options: LogCollectorOptions;
  readonly #writer: LogWriter;
  readonly #budgets: LogBudgets;
  /** By pod id: being read, or read to the end and not stored yet. */
  readonly #open = new Map<string, Follow>();
  /** By pod id: those that wait for a stream; of ended attempts, and of running ones. */
  readonly #endedPods = new Map<string, LoggedPod>();
  readonly #runningPods = new Map<string, LoggedPod>();
  #isStopped = false;

  constructor(options: LogCollectorOptions) {
    const { database, lease, onFatal, atRisk, log } = options;
    this.#options = options;
    this.#budgets = new LogBudgets(options.limitBytes, (jobId) => countLogBytes(database.db, jobId));
    this.#writer = new LogWriter({
      database,
      lease,
      onStored: (batches) => this.#tellStored(batches),
      onFatal,
      atRisk,
      log,
    });
  }

  /** Sees to it that this log is read to its end. Asking again is nothing new. */
  follow(pod: LoggedPod): void {
    if (this.#open.has(pod.podId) || this.#isStopped) return;
    const isLate = this.#open.size >= MAX_OPEN_FOLLOWS || this.#runningPods.has(pod.podId);
    if (pod.hasEnded) this.#runningPods.delete(pod.podId);
    (pod.hasEnded ? this.#endedPods : this.#runningPods).set(pod.podId, isLate ? late(pod) : pod);
    this.#openNext();
  }

  /** Stops reading the logs of a job; nothing of them is stored after this resolves. */
  async forget(jobId: string): Promise<void> {
    for (const queue of [this.#endedPods, this.#runningPods]) {
      for (const pod of queue.values()) if (pod.jobId === jobId) queue.delete(pod.podId);
    }
    const follows = [...this.#open.values()].filter((follow) => follow.pod.jobId === jobId);
    await endAll(follows);
    await this.#writer.discard(follows.map((follow) => follow.pod.podId));
    for (const follow of follows) this.#open.delete(follow.pod.podId);
    this.#budgets.forget(jobId);
    this.#openNext();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await endAll([...this.#open.values()]);
    await this.#writer.stop();
  }

  #openNext(): void {
    while (this.#open.size < MAX_OPEN_FOLLOWS && !this.#isStopped) {
      // What has ended can be lost; what runs can wait.
      const pod = this.#endedPods.values().next().value ?? this.#runningPods.values().next().value;
      if (pod === undefined) return;
      this.#endedPods.delete(pod.podId);
      this.#runningPods.delete(pod.podId);
      const stopping = new AbortController();
      const reading = { ...this.#options, budgets: this.#budgets, writer: this.#writer };
      this.#open.set(pod.podId, { pod, stopping, ended: readPodLog(reading, pod, stopping.signal) });
    }
  }

  #tellStored(batches: readonly LogBatch[]): void {
    this.#options.onStored(
      new Set(batches.filter((batch) => batch.records.length > 0 || batch.complete).map((batch) => batch.jobId)),
      batches,
    );
    for (const { podId, complete } of batches) {
      const follow = this.#open.get(podId);
      if (!complete || follow === undefined) continue;
      this.#open.delete(podId);
      this.#options.onComplete(follow.pod);
    }
    this.#openNext();
  }
}

/** What it writes meanwhile nobody reads. */
function late({ run, ...pod }: LoggedPod): LoggedPod {
  return { ...pod, run: run && { ...run, isFresh: false } };
}

async function endAll(follows: readonly Follow[]): Promise<void> {
  for (const follow of follows) follow.stopping.abort();
  await Promise.all(follows.map((follow) => follow.ended));
}
