import type { Queryable } from '../connection/database.js';
import { clusters } from '../schema/clusters.js';

export type NewCluster = Pick<
  typeof clusters.$inferInsert,
  | 'id'
  | 'organizationId'
  | 'name'
  | 'displayName'
  | 'region'
  | 'provider'
  | 'namespace'
  | 'autoscaling'
  | 'kubernetesVersion'
  | 'systemUid'
  | 'credentials'
  | 'readerCredentials'
>;

/**
 * @throws a unique violation of `clusters_identity` where this cluster and namespace are registered, or of
 *   `clusters_name` where the owner has one of that name
 */
export async function insertCluster(db: Queryable, cluster: NewCluster): Promise<void> {
  await db.insert(clusters).values(cluster);
}
