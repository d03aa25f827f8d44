import type { ClusterAccess } from '@ccluster/db';
import type { ClusterConnections } from './cluster-connections.js';
import type { ClusterGate } from './cluster-gate.js';

/**
 * Has connections and rests follow the clusters as they are registered: one with new credentials is called at once, with
 * those, whatever the old ones came to.
 */
export function createClusterFollower(
  connections: Pick<ClusterConnections, 'refresh'>,
  gate: Pick<ClusterGate, 'forget'>,
): (registered: readonly ClusterAccess[]) => Promise<void> {
  let known: ReadonlyMap<string, Buffer> = new Map();
  return async (registered) => {
    await connections.refresh(registered);
    for (const { id, sealedCredentials } of registered) {
      if (known.get(id)?.equals(sealedCredentials) === false) gate.forget(id);
    }
    known = new Map(registered.map(({ id, sealedCredentials }) => [id, sealedCredentials]));
  };
}
