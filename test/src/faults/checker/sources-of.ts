import { dirname, join } from 'node:path';

import type { Platform } from '../../support/platform.js';
import type { EvidenceSources } from './gather-evidence.js';

/**
 * Where the evidence about a platform is.
 * @param since milliseconds since 1970, before the platform was started
 */
export function sourcesOf(
  { env, environment, clusterIds }: Pick<Platform, 'env' | 'environment' | 'clusterIds'>,
  historyPath: string,
  since: number,
): EvidenceSources {
  return {
    historyPath,
    since,
    databaseUrl: env.DATABASE_URL,
    installation: env.CCLUSTER_INSTALLATION,
    clusters: environment.clusters.map(({ name, kubeconfig }) => {
      const clusterId = clusterIds.get(name);
      if (clusterId === undefined) throw new Error(`${name} is not registered`);
      return { name, clusterId, kubeconfig, auditLog: join(dirname(kubeconfig), 'audit.log') };
    }),
  };
}
