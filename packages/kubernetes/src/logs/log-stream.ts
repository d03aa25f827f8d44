import { backoffMs, sleep } from '@ccluster/runtime';
import type { ClusterConnection } from '../connection/connection.js';
import { type KubernetesFault, toKubernetesFault } from '../connection/fault.js';
import type { Log } from '../log.js';
import { type LogPiece, unavailableGap } from './log-piece.js';
import { LOG_START, type LogPosition } from './log-position.js';
import { LogRead } from './log-read.js';
import { readLog } from './read-log.js';
import { SkipWatch } from './skip-watch.js';

const START_POLL_MS = 1_000;
const BACKOFF = { baseMs: 400, maxMs: 10_000 };

export interface LogBatch {
  pieces: LogPiece[];
  /** After these pieces; to be stored with them. */
  position: LogPosition;
}

export interface FollowLogOptions {
  connection: Pick<ClusterConnection, 'openStream'>;
  namespace: string;
  pod: string;
  container: string;
  /** Where an earlier follow came to; undefined for the beginning. */
  position: LogPosition | undefined;
  /** Whether the container has ended for good, by what is known now. Asked about once a second. */
  isContainerFinished: () => boolean;
  random: () => number;
  signal: AbortSignal;
  log: Log;
}

/**
 * Every line of a container's log, once, in the order of its file, across lost connections; a gap where that cannot be had.
 * Yields what came within 100 ms, up to about 256 KiB, and reads on when asked for more. Returns when the container has
 * finished and its log was read to the end, when the pod is gone, or when `signal` aborts; tries again for ever otherwise.
 */
export async function* followLog(options: FollowLogOptions): AsyncGenerator<LogBatch, void> {
  const { signal, isContainerFinished, random, log } = options;
  let position = options.position ?? LOG_START;
  let endedCleanly: LogRead | undefined;
  let fruitlessReads = 0;
  while (!signal.aborted) {
    const isLast = isContainerFinished();
    const read = new LogRead(position, isLast, isLast ? undefined : new SkipWatch(() => performance.now()));
    let fault: KubernetesFault | undefined;
    try {
      for await (const batch of newBatches(read, options, !isLast)) {
        fruitlessReads = 0;
        yield batch;
      }
    } catch (error) {
      fault = toKubernetesFault(error);
    }
    if (signal.aborted) return;
    if (fault === undefined && isLast) return yield* rest(read);
    if (fault !== undefined && isGone(fault, isLast)) return yield* lastWords(endedCleanly, read, fault);
    if (fault !== undefined) log.info({ pod: options.pod, error: fault }, 'log interrupted');
    endedCleanly = fault === undefined && !read.isDoubtful ? read : undefined;
    position = read.position;
    fruitlessReads += 1;
    await sleep(waitMs(fault, fruitlessReads, random), signal);
  }
}

async function* newBatches(read: LogRead, options: FollowLogOptions, follow: boolean): AsyncGenerator<LogBatch> {
  for await (const chunks of readLog(options, read.position, follow)) {
    const pieces = chunks.flatMap((chunk) => read.accept(chunk));
    if (pieces.length > 0) yield { pieces, position: read.position };
    if (read.isDoubtful) return;
  }
}

function* rest(read: LogRead): Generator<LogBatch, void> {
  const pieces = read.finish();
  if (pieces.length > 0) yield { pieces, position: read.position };
}

/**
 * The pod is gone. A follow that the kubelet itself ended just before had everything, down to a last line without a
 * newline; after anything else, lines may be missing.
 */
function* lastWords(
  endedCleanly: LogRead | undefined,
  read: LogRead,
  fault: KubernetesFault,
): Generator<LogBatch, void> {
  if (endedCleanly !== undefined) return yield* rest(endedCleanly);
  yield { pieces: [unavailableGap(fault.message)], position: read.position };
}

/** 400 is "waiting to start", until the container has finished: then it never did. A proxy's 404 has no reason and says nothing. */
function isGone(fault: KubernetesFault, isFinished: boolean): boolean {
  const isMissing = fault.kind === 'NOT_FOUND' && fault.reason === 'NotFound';
  return isMissing || fault.kind === 'EXPIRED' || (fault.kind === 'INVALID' && isFinished);
}

function waitMs(fault: KubernetesFault | undefined, fruitlessReads: number, random: () => number): number {
  if (fault?.kind === 'INVALID') return START_POLL_MS;
  return Math.max(backoffMs(fruitlessReads, BACKOFF, random), fault?.retryAfterMs ?? 0);
}
