import { randomBytes } from 'node:crypto';

import { createClient, type CclusterClient } from '@ccluster/client';
import {
  createTestDatabase,
  TEST_CLUSTER_ADDRESSES,
  testRedisPrefix,
  type TestCluster,
  type TestEnvironment,
} from '@ccluster/testkit';

import { createKey } from '../../support/create-key.js';
import { OPEN_LIMITS } from '../../support/open-limits.js';
import { registerClusters, type ServiceKubeconfigs } from '../../support/register-clusters.js';
import { startService, type ServiceName, type ServiceProcess } from '../../support/service-process.js';

export interface ProductOptions {
  /** Names its log files and its installation. */
  readonly label: string;
  /** How many of each. */
  readonly processes: Readonly<Record<ServiceName, number>>;
  readonly clusters?: readonly TestCluster[];
  /** How the services reach what they need: through a proxy, say. */
  readonly databaseUrlFor?: (url: string) => string;
  readonly redisUrl?: string;
  readonly kubeconfigsOf?: (cluster: TestCluster) => ServiceKubeconfigs;
  /** Environment variables of all services. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The whole product with several processes of each service, on a database of its own. */
export interface Product {
  readonly environment: TestEnvironment;
  readonly services: Readonly<Record<ServiceName, readonly ServiceProcess[]>>;
  /** One for each api. */
  readonly clients: readonly CclusterClient[];
  readonly apiKey: string;
  /** What its services were started with, but for any proxy. */
  readonly env: Readonly<Record<'DATABASE_URL' | 'REDIS_PREFIX' | 'CCLUSTER_INSTALLATION', string>>;
  /** Milliseconds since 1970: before it made anything in a cluster. */
  readonly startedAt: number;
  /** By cluster name. */
  readonly clusterIds: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

export async function startProduct(environment: TestEnvironment, options: ProductOptions): Promise<Product> {
  const { label, processes, clusters = environment.clusters, settings = {} } = options;
  const startedAt = Date.now();
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: options.databaseUrlFor?.(database.url) ?? database.url,
    REDIS_URL: options.redisUrl ?? environment.redisUrl,
    REDIS_PREFIX: testRedisPrefix(),
    CCLUSTER_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    CCLUSTER_INSTALLATION: `faults-${label}-${randomBytes(4).toString('hex')}`,
    CLUSTER_ADDRESSES_ALLOWED: TEST_CLUSTER_ADDRESSES,
    FINISHED_RETENTION_SECONDS: '2',
    ...OPEN_LIMITS,
    ...settings,
  };
  const apiKey = await createKey({ ...env, DATABASE_URL: database.url }, 'default', 'OPERATOR');
  const start = (name: ServiceName): Promise<ServiceProcess[]> =>
    Promise.all(
      Array.from({ length: processes[name] }, (_, i) =>
        startService(name, `${label}-${i + 1}`, { ...env, WATCHER_NAME: `watcher-${i + 1}` }),
      ),
    );
  const services = { api: await start('api'), dispatcher: await start('dispatcher'), watcher: await start('watcher') };
  const clients = services.api.map(({ address }) => createClient({ url: `${address}/graphql`, apiKey }));
  const [client] = clients;
  if (client === undefined) throw new Error('A product needs an api');
  return {
    environment,
    services,
    clients,
    apiKey,
    env: { ...env, DATABASE_URL: database.url },
    startedAt,
    clusterIds: await registerClusters(client, clusters, options.kubeconfigsOf),
    stop: async () => {
      await Promise.all(clients.map((each) => each.close()));
      await Promise.all([...services.watcher, ...services.dispatcher].map((each) => each.stop()));
      await Promise.all(services.api.map((each) => each.stop()));
      await database.drop();
    },
  };
}
