import type { ClusterConnection, Query } from '../connection/connection.js';
import type { ByteStream } from '../connection/transport.js';
import { LineSplitter } from './line-splitter.js';
import { parseWatchEvent, type WatchEvent } from './watch-event.js';

export interface WatchCall {
  connection: Pick<ClusterConnection, 'openStream'>;
  path: string;
  query: Query;
  resourceVersion: string;
  /** The API server ends the watch after this long. */
  timeoutSeconds: number;
  idleTimeoutMs: number;
  signal: AbortSignal;
}

/**
 * Opens a watch of what happens after `resourceVersion`. Its events are grouped as they arrive; they end when the API
 * server ends the watch. The events before a damaged one are given before it throws. Errors are for `toKubernetesFault`.
 */
export async function openWatch(call: WatchCall): Promise<AsyncGenerator<WatchEvent[]>> {
  const { connection, path, resourceVersion, timeoutSeconds, idleTimeoutMs, signal } = call;
  const query = {
    ...call.query,
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: `${timeoutSeconds}`,
  };
  return readEvents(await connection.openStream(path, { query, signal, idleTimeoutMs }));
}

async function* readEvents(stream: ByteStream): AsyncGenerator<WatchEvent[]> {
  const splitter = new LineSplitter();
  for await (const chunk of stream) {
    const events: WatchEvent[] = [];
    try {
      for (const line of splitter.push(chunk)) events.push(parseWatchEvent(line));
    } finally {
      yield events;
    }
  }
}
