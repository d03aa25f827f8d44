import type { ClusterAccess } from '@ccluster/db';
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
  const entries = new Map<string, Entry>();
  /** Let go of, and still in use. */
  const leaving = new Set<Entry>();
  /** By cluster, as of the last refresh. */
  let sealedNow: ReadonlyMap<string, Buffer> = new Map();

  const drop = async (clusterId: string) => {
    const entry = entries.get(clusterId);
    entries.delete(clusterId);
    if (entry === undefined) return;
    if (entry.users === 0) await entry.opened.close();
    else leaving.add(entry);
  };

  const openEntry = async (clusterId: string, signal: AbortSignal): Promise<Entry> => {
    const access = await findAccess(clusterId);
    if (access === undefined) throw new ClusterFault('REMOVED', 'The cluster is not registered any more');
    const opened = open(access);
    try {
      await opened.writer.verifyIdentity(signal);
    } catch (error) {
      await opened.close();
      throw error;
    }
    return keep(access, opened);
  };

  /** Two jobs may have opened the same cluster at once: the first one's connection stays. */
  const keep = async ({ id, sealedCredentials }: ClusterAccess, opened: OpenedCluster): Promise<Entry> => {
    const existing = entries.get(id);
    if (existing !== undefined) {
      enter(existing);
      await opened.close();
      return existing;
    }
    const entry = enter({ sealedCredentials, opened, users: 0 });
    // Its credentials may have been replaced while it was being opened.
    if (sealedNow.get(id)?.equals(sealedCredentials) === false) leaving.add(entry);
    else entries.set(id, entry);
    const [oldest] = entries.keys();
    if (entries.size > MAX_CONNECTIONS && oldest !== undefined) await drop(oldest);
    return entry;
  };

  const enter = (entry: Entry): Entry => {
    entry.users += 1;
    return entry;
  };

  const leave = async (entry: Entry) => {
    entry.users -= 1;
    if (entry.users === 0 && leaving.delete(entry)) await entry.opened.close();
  };

  return {
    run: async (clusterId, signal, work) => {
      const known = entries.get(clusterId);
      const entry = known === undefined ? await openEntry(clusterId, signal) : enter(known);
      try {
        return await work(entry.opened.writer);
      } finally {
        await leave(entry);
      }
    },
    refresh: async (registered) => {
      sealedNow = new Map(registered.map(({ id, sealedCredentials }) => [id, sealedCredentials]));
      for (const [clusterId, { sealedCredentials }] of entries) {
        if (sealedNow.get(clusterId)?.equals(sealedCredentials) !== true) await drop(clusterId);
      }
    },
    close: async () => {
      const all = [...entries.values(), ...leaving];
      entries.clear();
      leaving.clear();
      await Promise.all(all.map(({ opened }) => opened.close()));
    },
  };
}
