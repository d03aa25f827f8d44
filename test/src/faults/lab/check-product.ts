import { checkEvidence } from '../checker/check-evidence.js';
import { gatherEvidence, type ClusterSource } from '../checker/gather-evidence.js';
import type { Violation } from '../violation.js';
import type { Product } from './product.js';

/**
 * What the checker finds, outside the application: in the history of what was answered, in PostgreSQL and in the API
 * servers' audit logs. To be called when nothing moves any more, before the product stops.
 * @param historyPath of a history that is closed
 */
export async function checkProduct(product: Product, historyPath: string): Promise<Violation[]> {
  const { databaseUrl, installation, startedAt: since } = product;
  return checkEvidence(
    await gatherEvidence({ historyPath, databaseUrl, installation, since, clusters: clusterSources(product) }),
  );
}

function clusterSources({ environment, clusterIds }: Product): ClusterSource[] {
  return environment.clusters.map(({ name, auditLog, kubeconfig }) => {
    const clusterId = clusterIds.get(name);
    if (auditLog === null || clusterId === undefined) throw new Error(`${name} keeps no audit log of ours`);
    return { name, clusterId, auditLog, kubeconfig };
  });
}
