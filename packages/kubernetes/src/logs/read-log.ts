import type { ClusterConnection } from '../connection/connection.js';
import { batchesOf } from './batches.js';
import { sinceTimeOf } from './log-stamp.js';
import type { LogPosition } from './log-position.js';

const BATCH = { maxBytes: 256 * 1024, maxDelayMs: 100 };
/** TCP keepalive finds dead peers; a proxy that forgot the stream is only found by asking again. */
const SILENCE_MS = 300_000;
/** The kubelet ends a follow within a second or two of its container. */
const SILENT_SECONDS_AFTER_END = 3;

export interface LogSource {
  connection: Pick<ClusterConnection, 'openStream'>;
  namespace: string;
  pod: string;
  container: string;
  isContainerFinished: () => boolean;
  signal: AbortSignal;
}

/**
 * The bytes of a log from about `position` on, as they arrive. Ends with the API server's answer, and when the container
 * has finished and nothing more comes: a connection that died then would not say so. Errors are for `toKubernetesFault`.
 */
export async function* readLog(source: LogSource, position: LogPosition, follow: boolean): AsyncGenerator<Buffer[]> {
  const ending = new AbortController();
  const silence = watchSilence(source.isContainerFinished, () => ending.abort());
  const signal = AbortSignal.any([source.signal, ending.signal]);
  const path = `/api/v1/namespaces/${encodeURIComponent(source.namespace)}/pods/${encodeURIComponent(source.pod)}/log`;
  try {
    const stream = await source.connection.openStream(path, {
      query: queryOf(source.container, position, follow),
      signal,
      idleTimeoutMs: SILENCE_MS,
    });
    for await (const batch of batchesOf(stream, BATCH)) {
      silence.pause();
      yield batch;
      silence.restart();
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    silence.pause();
    ending.abort();
  }
}

function queryOf(container: string, { newest }: LogPosition, follow: boolean): Record<string, string> {
  // One second back: stamps of stdout and stderr run out of order across seconds.
  const since = newest === undefined ? {} : { sinceTime: sinceTimeOf(newest.second - 1) };
  return { container, timestamps: 'true', ...(follow ? { follow: 'true' } : {}), ...since };
}

interface SilenceWatch {
  pause(): void;
  restart(): void;
}

function watchSilence(isContainerFinished: () => boolean, onSilent: () => void): SilenceWatch {
  let silentSeconds = 0;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    silentSeconds = isContainerFinished() ? silentSeconds + 1 : 0;
    if (silentSeconds >= SILENT_SECONDS_AFTER_END) onSilent();
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
