import type { ClusterConnection } from '../connection/connection.js';
import type { ByteStream } from '../connection/transport.js';
import { batchesOf, type BatchLimits } from './batches.js';
import { sinceTimeOf } from './log-stamp.js';
import type { LogPosition } from './log-position.js';

const BATCH: BatchLimits = { maxBytes: 256 * 1024, maxDelayMs: 100 };
/** Where each batch costs a request. */
const LARGE_BATCH: BatchLimits = { maxBytes: 1024 * 1024, maxDelayMs: 250 };
/** TCP keepalive finds dead peers; a proxy that forgot the stream is only found by asking again. */
const FOLLOW_IDLE_MS = 300_000;
/** Of a read that has an end: the kubelet only reads a file. */
const READ_IDLE_MS = 15_000;
/** The kubelet ends a follow within a second or two of its container. */
const SILENT_SECONDS = 3;

export interface LogSource {
  readonly connection: Pick<ClusterConnection, 'openStream'>;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly signal: AbortSignal;
}

export interface ReadControl {
  /** Nothing more is expected of a follow: it is left once it is silent, since a connection that died would not say so. */
  readonly isOver: () => boolean;
  /** Each batch costs a request: let them be large. */
  readonly isCostly: () => boolean;
}

/** A follow that is over has been silent for a while. Whether it had come to the end of the log is not known. */
export class FollowLeft extends Error {
  override readonly name = 'FollowLeft';
}

/**
 * The bytes of a log from about `position` on, as they are written. Ends with the API server's answer, which says little:
 * it also ends where the API server lost the kubelet. Throws `FollowLeft`, or errors for `toKubernetesFault`.
 */
export async function* followBytes(
  source: LogSource,
  position: LogPosition,
  control: ReadControl,
): AsyncGenerator<Buffer[]> {
  const leaving = new AbortController();
  const silence = watchSilence(control.isOver, () => leaving.abort());
  const signal = AbortSignal.any([source.signal, leaving.signal]);
  try {
    const stream = await openLog({ ...source, signal }, { follow: 'true', ...sinceOf(position) }, FOLLOW_IDLE_MS);
    for await (const batch of batchesOf(stream, () => (control.isCostly() ? LARGE_BATCH : BATCH))) {
      silence.pause();
      yield batch;
      silence.restart();
    }
  } catch (error) {
    throw leaving.signal.aborted ? new FollowLeft() : error;
  } finally {
    silence.pause();
    leaving.abort();
  }
}

/** The bytes that are there now, from about `position` on. Errors are for `toKubernetesFault`. */
export async function* readBytes(source: LogSource, position: LogPosition): AsyncGenerator<Buffer[]> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([source.signal, leaving.signal]);
  try {
    yield* batchesOf(await openLog({ ...source, signal }, sinceOf(position)), () => BATCH);
  } finally {
    leaving.abort();
  }
}

export function openLog(
  { connection, namespace, pod, container, signal }: LogSource,
  query: Readonly<Record<string, string>>,
  idleTimeoutMs = READ_IDLE_MS,
): Promise<ByteStream> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  return connection.openStream(path, { query: { container, timestamps: 'true', ...query }, signal, idleTimeoutMs });
}

/** One second back: stamps of stdout and stderr run out of order across seconds. */
function sinceOf({ newest }: LogPosition): Record<string, string> {
  return newest === undefined ? {} : { sinceTime: sinceTimeOf(newest.second - 1) };
}

interface SilenceWatch {
  pause(): void;
  restart(): void;
}

function watchSilence(isOver: () => boolean, onSilent: () => void): SilenceWatch {
  let silentSeconds = 0;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    silentSeconds = isOver() ? silentSeconds + 1 : 0;
    if (silentSeconds >= SILENT_SECONDS) onSilent();
  };
  const pause = (): void => clearInterval(timer);
  const restart = (): void => {
    clearInterval(timer);
    silentSeconds = 0;
    timer = setInterval(tick, 1000);
  };
  restart();
  return { pause, restart };
}
