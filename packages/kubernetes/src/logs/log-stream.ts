import { backoffMs, sleep } from '@ccluster/runtime';
import { KubernetesFault, toKubernetesFault } from '../connection/fault.js';
import type { Log } from '../log.js';
import { findFileStart } from './file-start.js';
import type { ContainerRun } from './first-lines.js';
import { LogEnd } from './log-end.js';
import { type LogPiece, unavailableGap } from './log-piece.js';
import { LOG_START, type LogPosition } from './log-position.js';
import { LogRead } from './log-read.js';
import { followBytes, FollowLeft, type LogSource, readBytes } from './read-log.js';
import { RotationWatch } from './rotation-watch.js';

const START_POLL_MS = 1_000;
const BACKOFF = { baseMs: 400, maxMs: 10_000 };

export interface LogBatch {
  pieces: LogPiece[];
  /** After these pieces; to be stored with them. */
  position: LogPosition;
}

export interface FollowLogOptions extends LogSource {
  /** Where an earlier follow came to; undefined for the beginning. */
  readonly position: LogPosition | undefined;
  /** For the beginning; undefined where it is not known. */
  readonly run?: ContainerRun | undefined;
  /** Whether the container has ended for good, by what is known now. Asked about once a second. */
  readonly isContainerFinished: () => boolean;
  /** A clock that never goes back, milliseconds. */
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Every line of a container's log, once, in the order of its files, across lost connections; a gap where that cannot be
 * had. Yields what came within a moment, and reads on when asked for more. Returns when the container has finished and
 * two reads agree on the end of its log, when the pod is gone, or when `signal` aborts; tries again for ever otherwise.
 */
export async function* followLog(options: FollowLogOptions): AsyncGenerator<LogBatch, void> {
  const { signal, isContainerFinished, run, nowMs, random, log } = options;
  const end = new LogEnd(nowMs);
  let position = options.position ?? LOG_START;
  let fruitlessReads = 0;
  while (!signal.aborted) {
    const isLast = isContainerFinished();
    const rotation = new RotationWatch(nowMs);
    const read = new LogRead(position, rotation, run);
    end.begin();
    const outcome = yield* isLast ? readLast(read, options) : follow(read, rotation, options);
    if (signal.aborted) return;
    const last = outcome === 'WHOLE' ? end.found(read) : undefined;
    if (last !== undefined && isLast) return yield* rest(last);
    if (outcome instanceof KubernetesFault) {
      if (isGone(outcome, isLast)) return yield* lastWords(end.lastRead, read, outcome);
      log.info({ pod: options.pod, error: outcome }, 'log interrupted');
    }
    if (outcome !== 'WHOLE') end.lose();
    position = read.position;
    fruitlessReads = read.hasNews ? 1 : fruitlessReads + 1;
    await sleep(waitMs(outcome, fruitlessReads, isContainerFinished() ? end.waitMs : 0, random), signal);
  }
}

/** WHOLE: up to what was the end of the log then. LEFT: there may be more. */
type Outcome = 'WHOLE' | 'LEFT' | KubernetesFault;

async function* follow(
  read: LogRead,
  rotation: RotationWatch,
  options: FollowLogOptions,
): AsyncGenerator<LogBatch, Outcome> {
  const isOver = (): boolean => rotation.isRotated || options.isContainerFinished();
  const isCostly = (): boolean => rotation.mustConfirm(0);
  try {
    for await (const batch of followBytes(options, read.position, { isOver, isCostly })) {
      if (rotation.mustConfirm(batch.reduce((bytes, chunk) => bytes + chunk.length, 0))) {
        const askedMs = options.nowMs();
        rotation.confirm(await findFileStart(options), askedMs);
      }
      yield* newPieces(read, batch);
      if (read.isDoubtful) return 'LEFT';
    }
    return 'WHOLE';
  } catch (error) {
    return error instanceof FollowLeft ? 'LEFT' : toKubernetesFault(error);
  }
}

async function* readLast(read: LogRead, options: FollowLogOptions): AsyncGenerator<LogBatch, Outcome> {
  try {
    for await (const batch of readBytes(options, read.position)) yield* newPieces(read, batch);
    return 'WHOLE';
  } catch (error) {
    return toKubernetesFault(error);
  }
}

function* newPieces(read: LogRead, batch: readonly Buffer[]): Generator<LogBatch, void> {
  const pieces = read.accept(batch);
  if (pieces.length > 0) yield { pieces, position: read.position };
}

function* rest(read: LogRead): Generator<LogBatch, void> {
  const pieces = read.finish();
  if (pieces.length > 0) yield { pieces, position: read.position };
}

/**
 * The pod is gone. A read that the kubelet itself ended just before had everything, down to a last line without a
 * newline; after anything else, lines may be missing.
 */
function* lastWords(lastRead: LogRead | undefined, read: LogRead, fault: KubernetesFault): Generator<LogBatch, void> {
  if (lastRead !== undefined) return yield* rest(lastRead);
  yield { pieces: [unavailableGap(fault.message)], position: read.position };
}

/** 400 is "waiting to start", until the container has finished: then it never did. A proxy's 404 has no reason and says nothing. */
function isGone(fault: KubernetesFault, isFinished: boolean): boolean {
  const isMissing = fault.kind === 'NOT_FOUND' && fault.reason === 'NotFound';
  return isMissing || fault.kind === 'EXPIRED' || (fault.kind === 'INVALID' && isFinished);
}

/** @param untilAgreedMs until another read can agree with the last one on the end */
function waitMs(outcome: Outcome, fruitlessReads: number, untilAgreedMs: number, random: () => number): number {
  if (outcome === 'LEFT') return 0;
  const pauseMs = Math.max(backoffMs(fruitlessReads, BACKOFF, random), untilAgreedMs);
  if (outcome === 'WHOLE') return pauseMs;
  return outcome.kind === 'INVALID' ? START_POLL_MS : Math.max(pauseMs, outcome.retryAfterMs ?? 0);
}
