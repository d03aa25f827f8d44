import type { ClusterConnection, Query } from '../connection/connection.js';
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
 * The events after `resourceVersion`, grouped as they arrive; ends when the API server ends the watch. The events before
 * a damaged one are given before it throws. Errors are for `toKubernetesFault`.
 */
export async function* readWatch(call: WatchCall): AsyncGenerator<WatchEvent[]> {
  const { connection, path, resourceVersion, timeoutSeconds, idleTimeoutMs, signal } = call;
  const query = {
    ...call.query,
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: `${timeoutSeconds}`,
  };
  const stream = await connection.openStream(path, { query, signal, idleTimeoutMs });
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
