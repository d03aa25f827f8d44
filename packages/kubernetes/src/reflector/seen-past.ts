import { findSystemUid } from '../connection/cluster-identity.js';
import type { Query } from '../connection/connection.js';
import { KubernetesFault } from '../connection/fault.js';
import type { KeptObject } from './kubernetes-object.js';
import { type ListedObjects, readExactly, readNewestResourceVersion } from './list-objects.js';
import type { ReflectorOptions } from './reflector-options.js';
import { isOlder } from './resource-version.js';

type Identity = Pick<KeptObject<unknown>, 'key' | 'uid' | 'resourceVersion'>;

/** SAME: a watch may go on. OTHER: the cluster was rebuilt, or restored from a backup. UNKNOWN: only a list shows it. */
export type PastOfCluster = 'SAME' | 'OTHER' | 'UNKNOWN';

/**
 * What was seen of a collection, to tell whether the cluster still has that past. One that was rebuilt or restored takes
 * a watch from a version it has yet to reach and stays silent; or, once it has reached it, goes on from a version that
 * means something else there. Either way it would look idle while it forgot everything.
 */
export class SeenPast {
  /** Of the newest state seen. */
  resourceVersion: string | undefined;
  readonly #collection: Pick<ReflectorOptions<unknown>, 'connection' | 'path' | 'query'>;
  #systemUid: string | undefined;
  /** What happened last to any object. */
  #last: (Identity & { readonly isThere: boolean }) | undefined;

  constructor(collection: Pick<ReflectorOptions<unknown>, 'connection' | 'path' | 'query'>) {
    this.#collection = collection;
  }

  /** A whole list replaces what was seen before. */
  begin(systemUid: string | undefined, list: ListedObjects<Identity>): void {
    this.#systemUid = systemUid ?? this.#systemUid;
    this.resourceVersion = list.resourceVersion;
    const newest = list.kept.reduce<Identity | undefined>(
      (seen, object) => (seen === undefined || isOlder(seen.resourceVersion, object.resourceVersion) ? object : seen),
      undefined,
    );
    this.see(newest, true);
  }

  /** @param object undefined: there is none, or it cannot be read */
  see(object: Identity | undefined, isThere: boolean): void {
    this.#last = object && { key: object.key, uid: object.uid, resourceVersion: object.resourceVersion, isThere };
  }

  isOther(systemUid: string | undefined, newestVersion: string): boolean {
    const isOtherCluster = systemUid !== undefined && this.#systemUid !== undefined && systemUid !== this.#systemUid;
    return isOtherCluster || (this.resourceVersion !== undefined && isOlder(newestVersion, this.resourceVersion));
  }

  /** Three requests of one object each at most. Throws `KubernetesFault`. */
  async ofCluster(signal: AbortSignal): Promise<PastOfCluster> {
    const systemUid = await findSystemUid(this.#collection.connection, signal);
    const newest = await readNewestResourceVersion({ ...this.#collection, signal });
    return this.isOther(systemUid, newest) ? 'OTHER' : this.#asRemembered(signal);
  }

  /** Whether what happened last is what the cluster, too, says happened last by then. */
  async #asRemembered(signal: AbortSignal): Promise<PastOfCluster> {
    const last = this.#last;
    if (last === undefined || this.resourceVersion === undefined) return 'UNKNOWN';
    const call = { ...this.#collection, query: this.#queryOf(last), signal };
    try {
      const found = await readExactly(call, this.resourceVersion);
      const isSame = last.isThere
        ? found?.uid === last.uid && found.resourceVersion === last.resourceVersion
        : found?.uid !== last.uid;
      return isSame ? 'SAME' : 'OTHER';
    } catch (error) {
      // Compacted, or not a question that this API server answers.
      if (error instanceof KubernetesFault && (error.kind === 'EXPIRED' || error.kind === 'INVALID')) return 'UNKNOWN';
      throw error;
    }
  }

  /** By name and namespace the API server finds it without a look at any other. */
  #queryOf({ key }: Identity): Query {
    const { query } = this.#collection;
    const [name, namespace] = key.split('/').toReversed();
    const selectors = [query['fieldSelector'], `metadata.name=${name}`, namespace && `metadata.namespace=${namespace}`];
    return { ...query, fieldSelector: selectors.filter(Boolean).join(',') };
  }
}
