import { isSameSealing, type ClusterAccess } from '@ccluster/db';
import { ClusterFault } from './cluster-fault.js';
import type { ClusterWriter } from './cluster-writer.js';

/** Far more than one process can dispatch to; reached only if clusters come and go without end. */
const MAX_CONNECTIONS = 500;

export interface OpenedCluster {
  readonly writer: ClusterWriter;
  close(): Promise<void>;
}

/** Writers by cluster id, opened at first use and kept until the cluster's credentials change or it is removed. */
export interface ClusterConnections {
  /**
   * Calls into a cluster. They end under the credentials they began with: a connection that is replaced meanwhile is
   * closed after its last call.
   */
  run<T>(clusterId: string, signal: AbortSignal, work: (writer: ClusterWriter) => Promise<T>): Promise<T>;
  /** Compares what is open with the clusters as they are registered now; lets go of what no longer fits. */
  refresh(registered: readonly ClusterAccess[]): Promise<void>;
  /** Ends whatever is under way. */
  close(): Promise<void>;
}

interface Entry {
  readonly sealedCredentials: Buffer;
  readonly opened: OpenedCluster;
  users: number;
}

/** @param open decrypts the credentials; throws where they cannot be read */
export function createClusterConnections(
  findAccess: (clusterId: string) => Promise<ClusterAccess | undefined>,
  open: (access: ClusterAccess) => OpenedCluster,
): ClusterConnections {
  return new OpenConnections(findAccess, open);
}

class OpenConnections implements ClusterConnections {
  readonly #entries = new Map<string, Entry>();
  /** Let go of, and still in use. */
  readonly #leaving = new Set<Entry>();
  /** By cluster, as of the last refresh. */
  #sealedNow: ReadonlyMap<string, Buffer> = new Map();

  constructor(
    readonly findAccess: (clusterId: string) => Promise<ClusterAccess | undefined>,
    readonly open: (access: ClusterAccess) => OpenedCluster,
  ) {}

  async run<T>(clusterId: string, signal: AbortSignal, work: (writer: ClusterWriter) => Promise<T>): Promise<T> {
    const known = this.#entries.get(clusterId);
    const entry = known === undefined ? await this.#open(clusterId, signal) : enter(known);
    try {
      return await work(entry.opened.writer);
    } finally {
      await this.#leave(entry);
    }
  }

  async refresh(registered: readonly ClusterAccess[]): Promise<void> {
    this.#sealedNow = new Map(registered.map(({ id, sealedCredentials }) => [id, sealedCredentials]));
    for (const [clusterId, { sealedCredentials }] of this.#entries) {
      const now = this.#sealedNow.get(clusterId);
      if (now === undefined || !isSameSealing(now, sealedCredentials)) await this.#drop(clusterId);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#entries.values(), ...this.#leaving];
    this.#entries.clear();
    this.#leaving.clear();
    await Promise.all(all.map(({ opened }) => opened.close()));
  }

  async #open(clusterId: string, signal: AbortSignal): Promise<Entry> {
    const access = await this.findAccess(clusterId);
    if (access === undefined) throw new ClusterFault('REMOVED', 'The cluster is not registered any more');
    const opened = this.open(access);
    try {
      await opened.writer.verifyIdentity(signal);
    } catch (error) {
      await opened.close();
      throw error;
    }
    return this.#keep(access, opened);
  }

  /** Two jobs may have opened the same cluster at once: the first one's connection stays. */
  async #keep({ id, sealedCredentials }: ClusterAccess, opened: OpenedCluster): Promise<Entry> {
    const existing = this.#entries.get(id);
    if (existing !== undefined) {
      enter(existing);
      await opened.close();
      return existing;
    }
    const entry = enter({ sealedCredentials, opened, users: 0 });
    // Its credentials may have been replaced while it was being opened.
    const now = this.#sealedNow.get(id);
    if (now !== undefined && !isSameSealing(now, sealedCredentials)) this.#leaving.add(entry);
    else this.#entries.set(id, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_CONNECTIONS && oldest !== undefined) await this.#drop(oldest);
    return entry;
  }

  async #drop(clusterId: string): Promise<void> {
    const entry = this.#entries.get(clusterId);
    this.#entries.delete(clusterId);
    if (entry === undefined) return;
    if (entry.users === 0) await entry.opened.close();
    else this.#leaving.add(entry);
  }

  async #leave(entry: Entry): Promise<void> {
    entry.users -= 1;
    if (entry.users === 0 && this.#leaving.delete(entry)) await entry.opened.close();
  }
}

function enter(entry: Entry): Entry {
  entry.users += 1;
  return entry;
}
