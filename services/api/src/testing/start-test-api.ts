import { randomBytes } from 'node:crypto';
import {
  createSealer,
  findOrInsertOrganization,
  insertApiKey,
  openDatabase,
  type Database,
  type EncryptionKeys,
  type Sealer,
} from '@ccluster/db';
import { newId, type Role } from '@ccluster/domain';
import { clusterAddressesVariable } from '@ccluster/kubernetes';
import { createLogger, startLifecycle, startTracing } from '@ccluster/runtime';
import { createTestDatabase, readTestEnvironment, TEST_CLUSTER_ADDRESSES, testRedisPrefix } from '@ccluster/testkit';
import { hashApiKey, newApiKey } from '../access/api-key.js';
import type { OidcConfig } from '../access/oidc/oidc-config.js';
import type { ApiConfig } from '../config.js';
import { trustedProxiesVariable } from '../http/caller-address.js';
import { startApi } from '../start-api.js';
import { connectTestCaller, type TestCaller } from './test-caller.js';

export interface TestApi {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string;
  readonly database: Database;
  readonly sealer: Sealer;
  /** All that it has logged. */
  readonly logged: () => string;
  /** A new key of the organization of that name, which is made where it is not there. */
  newKey(organization: string, role: Role): Promise<{ readonly key: string; readonly organizationId: string }>;
  /** A caller with a new key of its own. */
  newCaller(organization: string, role: Role): Promise<TestCaller>;
  /** A second api on the same database. @param encryptionKeys default: the same */
  startAnother(encryptionKeys?: EncryptionKeys): Promise<AnotherApi>;
  stop(): Promise<void>;
}

interface AnotherApi {
  readonly address: string;
  /** The same key here. */
  callerOf(caller: TestCaller): TestCaller;
  stop(): Promise<void>;
}

export interface TestApiOptions {
  /** Another Redis than that of the environment. */
  readonly redisUrl?: string;
  /** As CLUSTER_ADDRESSES_ALLOWED. */
  readonly clusterAddresses?: string;
  /** Whose tokens it takes. */
  readonly oidc?: OidcConfig;
  readonly rateLimit?: ApiConfig['rateLimit'];
  readonly socketLimits?: ApiConfig['socketLimits'];
  /** Default: a random one. */
  readonly encryptionKeys?: EncryptionKeys;
  /** Default: as much as any test needs. */
  readonly checkingMsPerSecond?: number;
  /** Default: it shows GraphiQL. */
  readonly graphiql?: boolean;
  /** Default: nothing is traced. */
  readonly tracing?: ApiConfig['tracing'];
  /** Default: 0. */
  readonly drainMs?: number;
}

const DEFAULT_RATE_LIMIT = { burst: 500_000, perSecond: 100_000 };
const DEFAULT_SOCKET_LIMITS = { perCaller: 1_000, perOrganization: 2_000, perAddress: 2_000 };

const random = (bytes: Uint8Array) => crypto.getRandomValues(bytes);

/**
 * The whole api in this process, on a database, a port and a Redis prefix of its own.
 */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const lines: string[] = [];
  const log = createLogger('api', { write: (line: string) => void lines.push(line) });
  const lifecycle = startLifecycle({ log, stopTimeoutMs: 10_000 });
  const { url: databaseUrl, drop } = await createTestDatabase();
  lifecycle.onStop('test database', drop);
  const database = openDatabase({
    url: databaseUrl,
    maxConnections: 5,
    applicationName: 'test',
    onIdleError: () => {},
  });
  lifecycle.onStop('test connections', () => database.close());
  const redisUrl = options.redisUrl ?? readTestEnvironment().redisUrl;
  const limits = { host: '127.0.0.1', port: 0, maxParallelism: 1000, logLevel: 'info', crashAt: undefined } as const;
  const clusterAddresses = clusterAddressesVariable.parse(options.clusterAddresses ?? TEST_CLUSTER_ADDRESSES);
  const { graphiql = true, rateLimit = DEFAULT_RATE_LIMIT, socketLimits = DEFAULT_SOCKET_LIMITS } = options;
  const { checkingMsPerSecond = 1_000_000, drainMs = 0, encryptionKeys = [randomBytes(32)] } = options;
  const endpoint = {
    graphiql,
    rateLimit,
    checkingMsPerSecond,
    socketLimits,
    drainMs,
    trustedProxies: trustedProxiesVariable.parse(''),
  };
  const stores = { databaseUrl, redisUrl, redisPrefix: testRedisPrefix(), encryptionKeys };
  const { oidc, tracing } = options;
  const config = { ...limits, ...endpoint, ...stores, oidc, clusterAddresses, tracing };
  await startTracing(tracing, lifecycle, log);
  const address = await startApi(config, lifecycle, log);
  const newKey: TestApi['newKey'] = async (organizationName, role) => {
    const organization = await findOrInsertOrganization(
      database.db,
      organizationName,
      newId('org', Date.now(), random),
    );
    const key = newApiKey(random);
    const id = newId('key', Date.now(), random);
    const name = `${role.toLowerCase()} of ${organizationName}`;
    const secretHash = hashApiKey(key);
    await insertApiKey(database.db, { id, organizationId: organization.id, name, role, secretHash, createdBy: 'test' });
    return { key, organizationId: organization.id };
  };
  return {
    address,
    database,
    sealer: createSealer(encryptionKeys),
    logged: () => lines.join(''),
    newKey,
    newCaller: async (organization, role) => connectTestCaller(address, await newKey(organization, role)),
    startAnother: async (ownKeys = encryptionKeys) => {
      const lifecycle = startLifecycle({ log, stopTimeoutMs: 10_000 });
      const address = await startApi({ ...config, encryptionKeys: ownKeys }, lifecycle, log);
      return { address, callerOf: (caller) => connectTestCaller(address, caller), stop: () => lifecycle.stop() };
    },
    stop: () => lifecycle.stop(),
  };
}
