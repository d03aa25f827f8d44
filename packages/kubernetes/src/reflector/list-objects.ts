import type { ClusterConnection, Query } from '../connection/connection.js';
import { KubernetesFault } from '../connection/fault.js';
import { isObject, type KeptObject, parseKubernetesObject, type UnsafeObject } from './kubernetes-object.js';
import { refuseBeyond } from './object-store.js';

/** Some of our pages hold few of interest; a list without end has no honest reason. */
const MAX_PAGES = 2_000;

export interface ListedObjects<Kept> {
  kept: Kept[];
  resourceVersion: string;
}

export interface ListCall<Kept> {
  connection: Pick<ClusterConnection, 'getJson'>;
  path: string;
  query: Query;
  pageSize: number;
  signal: AbortSignal;
  /** What to keep of one object; undefined drops it. */
  keep: (unsafeObject: unknown) => Kept | undefined;
}

/**
 * One consistent list, read page by page so that never more than a page of raw objects is in memory. Without
 * `resourceVersion` the API server answers with its newest state: never older than anything seen before, so a list whose
 * version went back means another incarnation of the cluster. Throws `KubernetesFault`; EXPIRED when it took too long.
 */
export async function listObjects<Kept extends Sized>(call: ListCall<Kept>): Promise<ListedObjects<Kept>> {
  const kept: Kept[] = [];
  let size = 0;
  let continuation: string | undefined;
  for (let pages = 1; pages <= MAX_PAGES; pages += 1) {
    const page = await readPage(call, continuation);
    for (const unsafeObject of page.unsafeItems) {
      const object = call.keep(unsafeObject);
      if (object === undefined) continue;
      size += object.size;
      refuseBeyond(kept.push(object), size);
    }
    if (page.continuation === undefined) return { kept, resourceVersion: page.resourceVersion };
    continuation = page.continuation;
  }
  throw new KubernetesFault('SERVER_ERROR', `A list of more than ${MAX_PAGES} pages`, { reason: 'TooManyObjects' });
}

interface Sized {
  /** See `sizeOf`. */
  readonly size: number;
}

/** The list's newest resource version, at the cost of one object. */
export async function readNewestResourceVersion(call: Omit<ListCall<Sized>, 'pageSize' | 'keep'>): Promise<string> {
  const page = await readPage({ ...call, pageSize: 1 }, undefined);
  return page.resourceVersion;
}

/** The first object of the list as it was at `resourceVersion`. Throws `KubernetesFault`; EXPIRED when that is forgotten. */
export async function readExactly(
  call: Omit<ListCall<Sized>, 'pageSize' | 'keep'>,
  resourceVersion: string,
): Promise<KeptObject<unknown> | undefined> {
  const query = { ...call.query, resourceVersion, resourceVersionMatch: 'Exact' };
  const { unsafeItems } = await readPage({ ...call, query, pageSize: 1 }, undefined);
  const [unsafeObject] = unsafeItems;
  return unsafeObject === undefined ? undefined : parseKubernetesObject(unsafeObject, () => undefined);
}

interface Page {
  unsafeItems: readonly unknown[];
  resourceVersion: string;
  continuation: string | undefined;
}

async function readPage(call: Omit<ListCall<Sized>, 'keep'>, continuation: string | undefined): Promise<Page> {
  const { connection, path, pageSize, signal } = call;
  const query = {
    ...call.query,
    limit: `${pageSize}`,
    ...(continuation === undefined ? {} : { continue: continuation }),
  };
  const unsafeList = await connection.getJson(path, { query, signal });
  const metadata = isObject(unsafeList) ? unsafeList['metadata'] : undefined;
  if (!isObject(unsafeList) || !isObject(metadata))
    throw new KubernetesFault('SERVER_ERROR', 'The API server did not answer with a list');
  return pageOf(unsafeList['items'], metadata);
}

function pageOf(unsafeItems: unknown, { resourceVersion, continue: continuation }: UnsafeObject): Page {
  if (typeof resourceVersion !== 'string')
    throw new KubernetesFault('SERVER_ERROR', 'The API server sent a list without a version');
  return {
    // Go writes an empty list as null.
    unsafeItems: Array.isArray(unsafeItems) ? unsafeItems : [],
    resourceVersion,
    continuation: typeof continuation === 'string' && continuation !== '' ? continuation : undefined,
  };
}
