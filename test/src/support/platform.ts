import { randomBytes } from 'node:crypto';

import { createClient, type CclusterClient } from '@ccluster/client';
import {
  createTestDatabase,
  readTestEnvironment,
  TEST_CLUSTER_ADDRESSES,
  testRedisPrefix,
  type TestCluster,
  type TestEnvironment,
} from '@ccluster/testkit';

import { createKey } from './create-key.js';
import { ownKubeconfigs, registerClusters, type ServiceKubeconfigs } from './register-clusters.js';
import { startService, type ServiceName, type ServiceProcess } from './service-process.js';

/** The whole product on the test environment: its own database, queue prefix and installation, on both clusters. */
export interface Platform {
  readonly environment: TestEnvironment;
  readonly client: CclusterClient;
  readonly graphqlUrl: string;
  readonly apiKey: string;
  readonly services: Readonly<Record<ServiceName, ServiceProcess>>;
  /** Environment variables of the services. */
  readonly env: Readonly<Record<'DATABASE_URL' | 'REDIS_URL' | 'REDIS_PREFIX' | 'CCLUSTER_INSTALLATION', string>>;
  /** By cluster name. */
  readonly clusterIds: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  /** With what a cluster is registered, where not with the environment's own: they may lead through a proxy. */
  readonly kubeconfigs?: (cluster: TestCluster) => ServiceKubeconfigs;
}

/**
 * @param label names its log files and its installation
 * @param overrides environment variables of the services
 */
export async function startPlatform(
  label: string,
  overrides: Readonly<Record<string, string>> = {},
  { kubeconfigs = ownKubeconfigs }: PlatformOptions = {},
): Promise<Platform> {
  const environment = readTestEnvironment();
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: environment.redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    CLUSTER_ADDRESSES_ALLOWED: TEST_CLUSTER_ADDRESSES,
    CCLUSTER_INSTALLATION: `e2e-${label}-${randomBytes(4).toString('hex')}`,
    FINISHED_RETENTION_SECONDS: '2',
    REASONS: JSON.stringify({ default: { 'image-pull-refused': { failsAfterSeconds: 5 } } }),
    ...overrides,
  };
  const apiKey = await createKey(env, 'default', 'OPERATOR');
  const api = await startService('api', label, env);
  const [dispatcher, watcher] = await Promise.all([
    startService('dispatcher', label, env),
    startService('watcher', label, env),
  ]);
  const graphqlUrl = `${api.address}/graphql`;
  const client = createClient({ url: graphqlUrl, apiKey });
  const clusterIds = await registerClusters(client, environment.clusters, kubeconfigs);
  return {
    environment,
    client,
    graphqlUrl,
    apiKey,
    services: { api, dispatcher, watcher },
    env,
    clusterIds,
    stop: async () => {
      await client.close();
      await Promise.all([watcher.stop(), dispatcher.stop()]);
      await api.stop();
      await database.drop();
    },
  };
}
