import { errorText } from '@ccluster/runtime';
import { KubernetesFault } from '../connection/fault.js';
import { type KeptObject, parseKubernetesObject, type ToItem } from './kubernetes-object.js';
import type { ListedObjects } from './list-objects.js';
import { type ObjectChange, ObjectStore } from './object-store.js';
import type { ReflectionReader } from './reflection-reader.js';
import type { ReflectorOptions } from './reflector-options.js';
import { isOlder } from './resource-version.js';
import { SeenPast } from './seen-past.js';
import { DAMAGED_EVENT, type WatchEvent } from './watch-event.js';

const BAD_OBJECT_INTERVAL_MS = 10_000;

/** What is known of a collection: its objects, and what was seen of its past. Tells the reader what changes. */
export class Reflection<T> {
  readonly store = new ObjectStore<T>();
  readonly past: SeenPast;
  readonly #options: ReflectorOptions<T>;
  readonly #reader: ReflectionReader<T>;
  #silentUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReflectorOptions<T>, reader: ReflectionReader<T>) {
    this.#options = options;
    this.#reader = reader;
    this.past = new SeenPast(options);
  }

  /** Undefined, and an anomaly, where it cannot be read. */
  readonly keep = (unsafeObject: unknown, toItem: ToItem<T> = this.#options.toItem): KeptObject<T> | undefined => {
    try {
      return parseKubernetesObject(unsafeObject, toItem);
    } catch (error) {
      this.#reportBadObject(error);
      return undefined;
    }
  };

  replace(systemUid: string | undefined, list: ListedObjects<KeptObject<T>>): void {
    this.past.begin(systemUid, list);
    this.#reader.tell(this.store.replaceAll(list.kept));
  }

  /** Throws `KubernetesFault` where the watch is at its end; what came before that has been told then. */
  apply(events: readonly WatchEvent[]): void {
    const changes: ObjectChange<T>[] = [];
    try {
      for (const event of events) changes.push(...this.#changesOf(event));
    } finally {
      this.#reader.tell(changes);
    }
  }

  #changesOf(event: WatchEvent): ObjectChange<T>[] {
    if (event.type === 'ERROR') throw event.fault;
    const { resourceVersion } = this.past;
    if (resourceVersion !== undefined && isOlder(event.resourceVersion, resourceVersion)) {
      if (event.type === 'BOOKMARK') return [];
      throw outOfOrder();
    }
    const changes = event.type === 'BOOKMARK' ? [] : this.#objectChanges(event);
    this.past.resourceVersion = event.resourceVersion;
    return changes;
  }

  #objectChanges({ type, unsafeObject }: Exclude<WatchEvent, { type: 'ERROR' | 'BOOKMARK' }>): ObjectChange<T>[] {
    const isDeleted = type === 'DELETED';
    const object = this.keep(unsafeObject, isDeleted ? () => undefined : undefined);
    const changes = object === undefined ? [] : isDeleted ? this.store.delete(object) : this.store.put(object);
    this.past.see(object, !isDeleted);
    return changes;
  }

  /** The first of ten seconds: a cluster may be made of nothing else. */
  #reportBadObject(error: unknown): void {
    const nowMs = this.#options.now();
    if (nowMs < this.#silentUntilMs) return;
    this.#silentUntilMs = nowMs + BAD_OBJECT_INTERVAL_MS;
    this.#reader.report({ code: 'BAD_OBJECT', message: errorText(error) });
  }
}

/** A watch is in order: an older event would bring back what was deleted since, and others may be missing around it. */
function outOfOrder(): KubernetesFault {
  return new KubernetesFault('SERVER_ERROR', 'A watch went back in time', { reason: DAMAGED_EVENT });
}
