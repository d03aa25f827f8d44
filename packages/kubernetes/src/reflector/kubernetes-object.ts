import { sizeOf } from './size-of.js';

/** An object as the API server sent it: JSON, so its times are text. Nothing in it is trusted. */
export type UnsafeObject = Readonly<Record<string, unknown>>;

/** What is kept of an object: its identity, and what `toItem` made of the rest. */
export interface KeptObject<T> {
  /** "namespace/name", or "name" where there are no namespaces. */
  key: string;
  uid: string;
  resourceVersion: string;
  /** Absent when `toItem` is not interested. */
  item: T | undefined;
  /** Of all that is kept, see `sizeOf`. */
  size: number;
}

export type ToItem<T> = (unsafeObject: UnsafeObject) => T | undefined;

/** 50,000 ranges of a Kubernetes Job's indexes are a third of it; etcd takes objects of 1.5 MiB. */
const MAX_ITEM_BYTES = 1024 * 1024;

/** Throws when the object has no identity, when `toItem` does, or when what is to be kept is more than an honest one has. */
export function parseKubernetesObject<T>(unsafeObject: unknown, toItem: ToItem<T>): KeptObject<T> {
  if (!isObject(unsafeObject) || !isObject(unsafeObject['metadata'])) throw new TypeError('not a Kubernetes object');
  const { namespace, name, uid, resourceVersion } = unsafeObject['metadata'];
  if (typeof name !== 'string' || typeof uid !== 'string' || typeof resourceVersion !== 'string')
    throw new TypeError('an object without identity');
  const key = typeof namespace === 'string' ? `${namespace}/${name}` : name;
  const kept = { key, uid, resourceVersion, item: toItem(unsafeObject) };
  const size = sizeOf(kept);
  if (size > MAX_ITEM_BYTES) throw new TypeError('an object that is too large');
  return { ...kept, size };
}

export function isObject(value: unknown): value is UnsafeObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
