import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import {
  CreateInstanceTypeDocument,
  createClient,
  RegisterClusterDocument,
  type CclusterClient,
  type CreateInstanceTypeInput,
} from '@ccluster/client';
import { createTestDatabase, readTestEnvironment, testRedisPrefix, type TestEnvironment } from '@ccluster/testkit';

import { createKey } from './create-key.js';
import { startService, type ServiceName, type ServiceProcess } from './service-process.js';

/** The whole product on the test environment: its own database, queue prefix and installation, on both clusters. */
export interface Platform {
  readonly environment: TestEnvironment;
  readonly client: CclusterClient;
  readonly graphqlUrl: string;
  readonly apiKey: string;
  readonly services: Readonly<Record<ServiceName, ServiceProcess>>;
  /** By cluster name. */
  readonly clusterIds: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

/**
 * @param label names its log files and its installation
 * @param overrides environment variables of the services
 */
export async function startPlatform(
  label: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<Platform> {
  const environment = readTestEnvironment();
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: environment.redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
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
  const clusterIds = await registerClusters(client, environment);
  return {
    environment,
    client,
    graphqlUrl,
    apiKey,
    services: { api, dispatcher, watcher },
    clusterIds,
    stop: async () => {
      await client.close();
      await Promise.all([watcher.stop(), dispatcher.stop()]);
      await api.stop();
      await database.drop();
    },
  };
}

async function registerClusters(client: CclusterClient, { clusters }: TestEnvironment): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const cluster of clusters) {
    const { registerCluster } = await client.transport.request(RegisterClusterDocument, {
      input: {
        name: cluster.name,
        region: cluster.region,
        managed: true,
        namespace: 'ccluster-jobs',
        credentials: { kubeconfig: readFileSync(cluster.dispatcherKubeconfig, 'utf8') },
        readerCredentials: { kubeconfig: readFileSync(cluster.watcherKubeconfig, 'utf8') },
      },
    });
    ids.set(cluster.name, registerCluster.id);
    for (const instanceType of cluster.instanceTypes) {
      const input = { ...instanceType, clusterId: registerCluster.id } as CreateInstanceTypeInput;
      await client.transport.request(CreateInstanceTypeDocument, { input });
    }
  }
  return ids;
}
