import {
  countLogBytes,
  findStoredLog,
  type ClusterLease,
  type Database,
  type LogBatch,
  type StoredLog,
} from '@ccluster/db';
import { CONTAINER_NAME } from '@ccluster/domain';
import { followLog, type ClusterConnection, type LogPosition } from '@ccluster/kubernetes';
import { sleep, type AtRisk, type Logger } from '@ccluster/runtime';
import { LogBudgets, type LogBudget } from './log-budget.js';
import { toRecords } from './to-records.js';
import { LogWriter } from './log-writer.js';

/** Streams held open to one API server. */
const MAX_OPEN_FOLLOWS = 500;
const RETRY_AFTER_MS = 1_000;
/**
 * The read that ends a log comes this much after the container's end. Seen once, on a busy node: a log that was ended at
 * once lacked 287 lines, 16 KiB, as much as the runtime's writer may still hold when it reports the end.
 */
const SETTLE_MS = 1_000;

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
  readonly connection: Pick<ClusterConnection, 'openStream'>;
  /** Text kept of one job, bytes. */
  readonly limitBytes: number;
  /** Whether the container has ended for good, by what is known now. */
  readonly isFinished: (podUid: string) => boolean;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
  /** New lines of these jobs are stored. */
  readonly onStored: (jobIds: ReadonlySet<string>) => void;
  /** Nothing more comes of this log, and that is stored. */
  readonly onComplete: (pod: LoggedPod) => void;
  /** Logs cannot be stored any more: the lease is lost, or somebody else has stored some. */
  readonly onFatal: (error: unknown) => void;
  readonly atRisk: AtRisk<'watcher'>;
  readonly log: Logger;
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
    if (pod.hasEnded) this.#runningPods.delete(pod.podId);
    (pod.hasEnded ? this.#endedPods : this.#runningPods).set(pod.podId, pod);
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
      this.#open.set(pod.podId, { pod, stopping, ended: this.#readPatiently(pod, stopping.signal) });
    }
  }

  /** Losses of the cluster are the follower's to survive; here it is the database that is away. */
  async #readPatiently(pod: LoggedPod, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        return await this.#read(pod, signal);
      } catch (error) {
        this.#options.log.warn(
          { error, podId: pod.podId },
          'a log could not be followed; it goes on from what is stored',
        );
        await this.#writer.discard([pod.podId]);
        await sleep(RETRY_AFTER_MS, signal);
      }
    }
  }

  async #read(pod: LoggedPod, signal: AbortSignal): Promise<void> {
    const { podId, jobId } = pod;
    const stored = await findStoredLog(this.#options.database.db, podId);
    const budget = await this.#budgets.open(jobId);
    let linesBefore = stored.lines;
    let position = stored.position as LogPosition | undefined;
    if (budget.isSpent) return this.#endAtLimit(pod, budget, stored, signal);
    for await (const batch of this.#followPod(pod, position, signal)) {
      position = batch.position;
      const records = budget.admit(toRecords(batch.pieces, new Date().toISOString()));
      // Asked before anything is waited for: another log may use up the rest meanwhile, and this one has no gap then.
      const complete = budget.isSpent;
      await this.#writer.write({ podId, jobId, linesBefore, records, position, complete }, signal);
      linesBefore += records.length;
      if (complete) return;
    }
    if (signal.aborted) return;
    await this.#writer.write(
      { podId, jobId, linesBefore, records: [], position: position ?? {}, complete: true },
      signal,
    );
  }

  /** Not read at all: other logs of the job have used up what is kept. */
  async #endAtLimit(pod: LoggedPod, budget: LogBudget, stored: StoredLog, signal: AbortSignal): Promise<void> {
    const { podId, jobId } = pod;
    const records = [budget.limitGap(new Date().toISOString())];
    const position = (stored.position as LogPosition | undefined) ?? {};
    await this.#writer.write({ podId, jobId, linesBefore: stored.lines, records, position, complete: true }, signal);
  }

  #followPod({ namespace, name, uid }: LoggedPod, position: LogPosition | undefined, signal: AbortSignal) {
    const { connection, isFinished, nowMs, log } = this.#options;
    let finishedMs: number | undefined;
    const isContainerFinished = (): boolean => {
      if (isFinished(uid)) finishedMs ??= nowMs();
      return finishedMs !== undefined && nowMs() - finishedMs >= SETTLE_MS;
    };
    return followLog({
      connection,
      namespace,
      pod: name,
      container: CONTAINER_NAME,
      position,
      isContainerFinished,
      random: Math.random,
      signal,
      log,
    });
  }

  #tellStored(batches: readonly LogBatch[]): void {
    this.#options.onStored(
      new Set(batches.filter((batch) => batch.records.length > 0 || batch.complete).map((batch) => batch.jobId)),
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

async function endAll(follows: readonly Follow[]): Promise<void> {
  for (const follow of follows) follow.stopping.abort();
  await Promise.all(follows.map((follow) => follow.ended));
}
