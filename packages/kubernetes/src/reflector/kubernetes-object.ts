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
}

export type ToItem<T> = (unsafeObject: UnsafeObject) => T | undefined;

/** Throws when the object has no identity, or when `toItem` does. */
export function parseKubernetesObject<T>(unsafeObject: unknown, toItem: ToItem<T>): KeptObject<T> {
  if (!isObject(unsafeObject) || !isObject(unsafeObject['metadata'])) throw new TypeError('not a Kubernetes object');
  const { namespace, name, uid, resourceVersion } = unsafeObject['metadata'];
  if (typeof name !== 'string' || typeof uid !== 'string' || typeof resourceVersion !== 'string')
    throw new TypeError('an object without identity');
  const key = typeof namespace === 'string' ? `${namespace}/${name}` : name;
  return { key, uid, resourceVersion, item: toItem(unsafeObject) };
}

export function isObject(value: unknown): value is UnsafeObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
