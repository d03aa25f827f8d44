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
  get(clusterId: string, signal: AbortSignal): Promise<ClusterWriter>;
  /** Compares what is open with the clusters as they are registered now; closes what no longer fits. */
  refresh(registered: readonly ClusterAccess[]): Promise<void>;
  close(): Promise<void>;
}

interface Entry {
  readonly sealedCredentials: Buffer;
  readonly opened: OpenedCluster;
}

/** @param open decrypts the credentials; throws where they cannot be read */
export function createClusterConnections(
  findAccess: (clusterId: string) => Promise<ClusterAccess | undefined>,
  open: (access: ClusterAccess) => OpenedCluster,
): ClusterConnections {
  const entries = new Map<string, Entry>();

  const drop = async (clusterId: string) => {
    const entry = entries.get(clusterId);
    entries.delete(clusterId);
    await entry?.opened.close();
  };

  const openEntry = async (clusterId: string, signal: AbortSignal): Promise<ClusterWriter> => {
    const access = await findAccess(clusterId);
    if (access === undefined) throw new ClusterFault('UNREACHABLE', 'The cluster is not registered any more');
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
  const keep = async (access: ClusterAccess, opened: OpenedCluster): Promise<ClusterWriter> => {
    const existing = entries.get(access.id);
    if (existing !== undefined) {
      await opened.close();
      return existing.opened.writer;
    }
    const [oldest] = entries.keys();
    if (entries.size >= MAX_CONNECTIONS && oldest !== undefined) await drop(oldest);
    entries.set(access.id, { sealedCredentials: access.sealedCredentials, opened });
    return opened.writer;
  };

  return {
    get: async (clusterId, signal) => entries.get(clusterId)?.opened.writer ?? openEntry(clusterId, signal),
    refresh: async (registered) => {
      const byId = new Map(registered.map((access) => [access.id, access]));
      for (const [clusterId, entry] of entries) {
        const access = byId.get(clusterId);
        if (access === undefined || !access.sealedCredentials.equals(entry.sealedCredentials)) await drop(clusterId);
      }
    },
    close: async () => {
      await Promise.all([...entries.keys()].map(drop));
    },
  };
}
