import type { StoredObject } from './object-store.js';
import { ReflectionLoop } from './reflection-loop.js';
import type { ReflectorOptions } from './reflector-options.js';
import { type ReflectorTiming, STANDARD_TIMING } from './timing.js';

/** A collection of a cluster, kept up to date. Only `stop` ends it: it survives whatever the cluster or the network does. */
export interface Reflector<T> {
  /** By "namespace/name". Changes under the reader's eyes. */
  items(): ReadonlyMap<string, StoredObject<T>>;
  /** Resolves after the first whole list; rejects with the signal's reason. */
  whenSynced(signal: AbortSignal): Promise<void>;
  /** When the cluster last sent anything, undefined before the first time. A silent cluster still sends bookmarks each minute. */
  lastContactAtMs(): number | undefined;
  /** How many whole lists were read. */
  lists(): number;
  /** Of the newest state seen. */
  resourceVersion(): string | undefined;
  /** The cluster is known to answer again: a pause is over, and what hangs is begun anew. */
  retry(): void;
  stop(): Promise<void>;
}

export function startReflector<T>(
  options: ReflectorOptions<T>,
  timing: ReflectorTiming = STANDARD_TIMING,
): Reflector<T> {
  const loop = new ReflectionLoop(options, timing);
  const ended = loop.run();
  return {
    items: () => loop.reflection.store.items,
    whenSynced: (signal) => loop.whenSynced(signal),
    lastContactAtMs: () => loop.lastContactAtMs,
    lists: () => loop.lists,
    resourceVersion: () => loop.reflection.past.resourceVersion,
    retry: () => loop.retry(),
    stop: () => {
      loop.stop();
      return ended;
    },
  };
}
