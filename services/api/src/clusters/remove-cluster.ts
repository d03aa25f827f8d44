import { removeCluster as remove, withTransaction } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import type { MutationServices } from '../access/audit/audit.js';
import type { Principal } from '../access/principal.js';
import { getOwnCluster, noCluster } from './get-own-cluster.js';

/**
 * Nobody sees the cluster any more, and nothing is sent there. The dispatcher ends what is abandoned there, deletes what
 * is ours in it where it can be reached, and forgets its credentials. Throws NOT_FOUND, CLUSTER_IN_USE, FORBIDDEN.
 */
export async function removeCluster(
  services: MutationServices,
  principal: Principal,
  id: string,
  abandon: boolean,
): Promise<string> {
  const { name } = await getOwnCluster(services, principal, id);
  const removal = await withTransaction(services.database, async (tx) => {
    const done = await remove(tx, id, abandon);
    if (done.kind === 'REMOVED') await services.audit.record(tx, id);
    return done;
  });
  if (removal.kind === 'NONE') throw noCluster(id);
  if (removal.kind === 'IN_USE') {
    const jobs = removal.unfinishedJobs === 1 ? '1 unfinished job' : `${removal.unfinishedJobs} unfinished jobs`;
    const message = `${name} has ${jobs}: let it drain, cancel them, or remove it with abandon: true, which ends them`;
    throw new DomainError('CLUSTER_IN_USE', message);
  }
  await services.publish(topics.clusters, { clusterId: id });
  return id;
}
