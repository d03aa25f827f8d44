import type { Platform } from '../../support/platform.js';
import type { EvidenceSources } from './gather-evidence.js';

/** A platform, or a product of several processes. */
type Evident = Pick<Platform, 'environment' | 'clusterIds'> & {
  readonly env: Pick<Platform['env'], 'DATABASE_URL' | 'CCLUSTER_INSTALLATION'>;
};

/**
 * Where the evidence about a platform is.
 * @param since milliseconds since 1970, before the platform was started
 */
export function sourcesOf(
  { env, environment, clusterIds }: Evident,
  historyPath: string,
  since: number,
): EvidenceSources {
  return {
    historyPath,
    since,
    databaseUrl: env.DATABASE_URL,
    installation: env.CCLUSTER_INSTALLATION,
    clusters: environment.clusters.map(({ name, kubeconfig, auditLog }) => {
      const clusterId = clusterIds.get(name);
      if (clusterId === undefined) throw new Error(`${name} is not registered`);
      if (auditLog === null) throw new Error(`${name} keeps no audit log of ours`);
      return { name, clusterId, kubeconfig, auditLog };
    }),
  };
}
