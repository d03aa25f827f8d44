import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Environment } from '../environment.js';
import type { LocalContext } from '../support/context.js';
import type { RegisteredCluster } from './register-cluster.js';

/** How tools and people reach the api. */
export interface ApiAddress {
  graphqlUrl: string;
  subscriptionsUrl: string;
  apiKey: string;
}

/** Writes `.local/connection.json`: all that a tool needs to use what `npm start` runs. Gives its path. */
export function writeConnectionFile(
  context: LocalContext,
  environment: Environment,
  address: ApiAddress,
  clusters: readonly RegisteredCluster[],
): string {
  const path = join(context.localDir, 'connection.json');
  const connection = {
    ...address,
    clusters: clusters.map(({ id, name, kubeconfigPath }) => ({ id, name, kubeconfig: kubeconfigPath })),
    image: environment.image,
    privateImage: environment.privateImage,
    databaseUrl: environment.databaseUrl,
    redisUrl: environment.redisUrl,
  };
  writeFileSync(path, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  return path;
}
