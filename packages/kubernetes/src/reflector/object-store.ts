import { KubernetesFault } from '../connection/fault.js';
import type { KeptObject } from './kubernetes-object.js';
import { isOlder } from './resource-version.js';

/** A cluster that shows more is broken or hostile; without a bound it would take the memory of all others. */
const MAX_OBJECTS = 250_000;
/** Of one kind in one cluster: half a kilobyte for each of so many. */
const MAX_STORE_BYTES = 128 * 1024 * 1024;

export interface StoredObject<T> {
  uid: string;
  resourceVersion: string;
  item: T;
  size: number;
}

/** One object that came, changed or went; a namesake with another uid is two changes. */
export interface ObjectChange<T> {
  /** "namespace/name" */
  key: string;
  uid: string;
  /** Absent: deleted. */
  item?: T;
  /** Absent: new. */
  previous?: T;
}

/** The newest known state of each object, by key. Tells what changed; a repeated or late event changes nothing. */
export class ObjectStore<T> {
  #objects = new Map<string, StoredObject<T>>();
  #size = 0;

  get items(): ReadonlyMap<string, StoredObject<T>> {
    return this.#objects;
  }

  put(object: KeptObject<T>): ObjectChange<T>[] {
    const { key, uid, resourceVersion, item, size } = object;
    const stored = this.#objects.get(key);
    if (stored !== undefined && !isNewer(object, stored)) return [];
    if (item === undefined) return this.delete(object);
    const grown = this.#size + size - (stored?.size ?? 0);
    refuseBeyond(this.#objects.size + (stored === undefined ? 1 : 0), grown);
    this.#objects.set(key, { uid, resourceVersion, item, size });
    this.#size = grown;
    return changesBetween(key, stored, { uid, item });
  }

  /** Does nothing when the key now belongs to a namesake with another uid. */
  delete({ key, uid, resourceVersion }: Omit<KeptObject<T>, 'item' | 'size'>): ObjectChange<T>[] {
    const stored = this.#objects.get(key);
    if (stored === undefined || stored.uid !== uid || isOlder(resourceVersion, stored.resourceVersion)) return [];
    this.#objects.delete(key);
    this.#size -= stored.size;
    return [{ key, uid, previous: stored.item }];
  }

  /** A whole list: what is not in it was deleted meanwhile. */
  replaceAll(objects: readonly KeptObject<T>[]): ObjectChange<T>[] {
    const before = this.#objects;
    this.#objects = new Map();
    this.#size = 0;
    const changes: ObjectChange<T>[] = [];
    for (const { key, uid, resourceVersion, item, size } of objects) {
      if (item === undefined) continue;
      const stored = before.get(key);
      this.#size += size - (this.#objects.get(key)?.size ?? 0);
      this.#objects.set(key, { uid, resourceVersion, item, size });
      if (stored?.uid !== uid || stored.resourceVersion !== resourceVersion)
        changes.push(...changesBetween(key, stored, { uid, item }));
    }
    for (const [key, { uid, item }] of before) {
      if (!this.#objects.has(key)) changes.push({ key, uid, previous: item });
    }
    return changes;
  }
}

/** Throws a fault, to be tried again after a while, when a cluster shows more than is kept of it. */
export function refuseBeyond(count: number, size: number): void {
  if (count > MAX_OBJECTS)
    throw new KubernetesFault('SERVER_ERROR', `More than ${MAX_OBJECTS} objects`, { reason: 'TooManyObjects' });
  if (size > MAX_STORE_BYTES)
    throw new KubernetesFault('SERVER_ERROR', `Objects of more than ${MAX_STORE_BYTES} bytes`, {
      reason: 'TooManyObjects',
    });
}

function isNewer<T>(object: KeptObject<T>, stored: StoredObject<T>): boolean {
  return object.resourceVersion !== stored.resourceVersion && !isOlder(object.resourceVersion, stored.resourceVersion);
}

function changesBetween<T>(
  key: string,
  stored: StoredObject<T> | undefined,
  next: { uid: string; item: T },
): ObjectChange<T>[] {
  if (stored === undefined) return [{ key, ...next }];
  if (stored.uid === next.uid) return [{ key, ...next, previous: stored.item }];
  return [
    { key, uid: stored.uid, previous: stored.item },
    { key, ...next },
  ];
}
