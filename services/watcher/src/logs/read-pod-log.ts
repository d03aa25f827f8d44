import { findStoredLog, type Database, type StoredLog } from '@ccluster/db';
import { CONTAINER_NAME } from '@ccluster/domain';
import { followLog, type ClusterConnection, type ContainerRun, type LogPosition } from '@ccluster/kubernetes';
import { sleep, type Logger } from '@ccluster/runtime';
import type { LogBudget, LogBudgets } from './log-budget.js';
import type { LogWriter } from './log-writer.js';
import { toRecords } from './to-records.js';

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
  /** undefined: its container never ran, or that is not known. */
  readonly run: ContainerRun | undefined;
}

export interface ReadPodLogOptions {
  readonly database: Database;
  readonly connection: Pick<ClusterConnection, 'openStream'>;
  /** Whether the container has ended for good, by what is known now. */
  readonly isFinished: (podUid: string) => boolean;
  /** A clock that only goes forward, milliseconds. */
  readonly nowMs: () => number;
  readonly log: Logger;
  readonly budgets: LogBudgets;
  readonly writer: LogWriter;
}

/**
 * Brings a log to its end, from what is stored of it on, into the writer; returns when nothing of it comes any more, or
 * when `signal` aborts. Losses of the cluster are the follower's to survive; here it is the database that is away.
 */
export async function readPodLog(options: ReadPodLogOptions, pod: LoggedPod, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await readFromStored(options, pod, signal);
    } catch (error) {
      const { podId } = pod;
      options.log.warn({ error, podId }, 'a log could not be followed; it goes on from what is stored');
      await options.writer.discard([podId]);
      await sleep(RETRY_AFTER_MS, signal);
    }
  }
}

async function readFromStored(options: ReadPodLogOptions, pod: LoggedPod, signal: AbortSignal): Promise<void> {
  const { podId, jobId } = pod;
  const { writer } = options;
  const stored = await findStoredLog(options.database.db, podId);
  const budget = await options.budgets.open(jobId);
  if (budget.isSpent) return endAtLimit(writer, pod, budget, stored, signal);
  let linesBefore = stored.lines;
  let position = stored.position as LogPosition | undefined;
  for await (const batch of followPod(options, pod, position, signal)) {
    position = batch.position;
    const records = budget.admit(toRecords(batch.pieces, new Date().toISOString()));
    // Asked before anything is waited for: another log may use up the rest meanwhile, and this one has no gap then.
    const complete = budget.isSpent;
    await writer.write({ podId, jobId, linesBefore, records, position, complete }, signal);
    linesBefore += records.length;
    if (complete) return;
  }
  if (signal.aborted) return;
  await writer.write({ podId, jobId, linesBefore, records: [], position: position ?? {}, complete: true }, signal);
}

/** Not read at all: other logs of the job have used up what is kept. */
async function endAtLimit(
  writer: LogWriter,
  { podId, jobId }: LoggedPod,
  budget: LogBudget,
  stored: StoredLog,
  signal: AbortSignal,
): Promise<void> {
  const records = [budget.limitGap(new Date().toISOString())];
  const position = (stored.position as LogPosition | undefined) ?? {};
  await writer.write({ podId, jobId, linesBefore: stored.lines, records, position, complete: true }, signal);
}

function followPod(
  { connection, isFinished, nowMs, log }: ReadPodLogOptions,
  { namespace, name, uid, run }: LoggedPod,
  position: LogPosition | undefined,
  signal: AbortSignal,
): ReturnType<typeof followLog> {
  return followLog({
    connection,
    namespace,
    pod: name,
    container: CONTAINER_NAME,
    position,
    run,
    isContainerFinished: () => isFinished(uid),
    nowMs,
    random: Math.random,
    signal,
    log,
  });
}
