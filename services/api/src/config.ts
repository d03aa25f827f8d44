import { encryptionKeysVariable, type EncryptionKeys } from '@ccluster/db';
import { clusterAddressesVariable, type ClusterAddresses } from '@ccluster/kubernetes';
import type { BucketSize } from '@ccluster/messaging';
import {
  parseEnvironment,
  tracingConfigOf,
  tracingVariables,
  type Environment,
  type TracingConfig,
} from '@ccluster/runtime';
import { z } from 'zod';
import { checkOidcVariables, oidcConfigOf, oidcVariables, type OidcConfig } from './access/oidc/oidc-config.js';
import { trustedProxiesVariable, type TrustedProxies } from './http/caller-address.js';
import type { SocketLimits } from './http/socket-counts.js';

export interface ApiConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** First part of every Redis key and channel, the same in all services of an installation. */
  readonly redisPrefix: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What stored secrets are sealed with. */
  readonly encryptionKeys: EncryptionKeys;
  /** The most tasks of one job that may run at once. */
  readonly maxParallelism: number;
  /** Only in fault tests; see `crashingAt`. */
  readonly crashAt: string | undefined;
  /** Which addresses clusters may have. */
  readonly clusterAddresses: ClusterAddresses;
  /** undefined: only API keys are taken. */
  readonly oidc: OidcConfig | undefined;
  /** What one caller may use, in points (see `http/rate/price.ts`). */
  readonly rateLimit: BucketSize;
  /** For how long one caller's documents may keep a process busy. */
  readonly checkingMsPerSecond: number;
  readonly socketLimits: SocketLimits;
  /** Proxies before this service, whose word on where a request comes from is taken. */
  readonly trustedProxies: TrustedProxies;
  /** Whether browsers are shown GraphiQL. */
  readonly graphiql: boolean;
  /** For how long it serves on after SIGTERM, without being ready, so that balancers notice. */
  readonly drainMs: number;
  readonly logLevel: string;
  /** undefined: nothing is traced. */
  readonly tracing: TracingConfig | undefined;
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

export const databaseUrlVariable = z.string('is required').regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL');

const variables = z
  .object({
    DATABASE_URL: databaseUrlVariable,
    REDIS_URL: z.string('is required').regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// URL'),
    REDIS_PREFIX: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and hyphens')
      .default('ccluster'),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).default(4000),
    CCLUSTER_ENCRYPTION_KEY: encryptionKeysVariable,
    MAX_PARALLELISM: wholeNumber(1, 100_000).default(1000),
    CCLUSTER_CRASH_AT: z.string().optional(),
    CLUSTER_ADDRESSES_ALLOWED: clusterAddressesVariable,
    RATE_LIMIT_PER_SECOND: wholeNumber(100, 1_000_000_000).default(100_000),
    RATE_LIMIT_BURST: wholeNumber(60_000, 1_000_000_000).default(500_000),
    CHECKING_MS_PER_SECOND: wholeNumber(10, 1_000_000).default(150),
    SOCKETS_PER_CALLER: wholeNumber(1, 1_000_000).default(1_000),
    SOCKETS_PER_ORGANIZATION: wholeNumber(1, 1_000_000).default(2_000),
    SOCKETS_PER_ADDRESS: wholeNumber(1, 1_000_000).default(2_000),
    TRUSTED_PROXIES: trustedProxiesVariable,
    GRAPHIQL: z.enum(['on', 'off']).default('off'),
    DRAIN_SECONDS: wholeNumber(0, 300).default(0),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
    ...oidcVariables,
    ...tracingVariables,
  })
  .superRefine(checkOidcVariables);

/** @throws Error that names every variable that is missing or wrong */
export function parseConfig(env: Environment): ApiConfig {
  const parsed = parseEnvironment(variables, env);
  return {
    databaseUrl: parsed.DATABASE_URL,
    redisUrl: parsed.REDIS_URL,
    redisPrefix: parsed.REDIS_PREFIX,
    host: parsed.HOST,
    port: parsed.PORT,
    encryptionKeys: parsed.CCLUSTER_ENCRYPTION_KEY,
    maxParallelism: parsed.MAX_PARALLELISM,
    crashAt: parsed.CCLUSTER_CRASH_AT,
    clusterAddresses: parsed.CLUSTER_ADDRESSES_ALLOWED,
    oidc: oidcConfigOf(parsed),
    rateLimit: { burst: parsed.RATE_LIMIT_BURST, perSecond: parsed.RATE_LIMIT_PER_SECOND },
    checkingMsPerSecond: parsed.CHECKING_MS_PER_SECOND,
    socketLimits: {
      perCaller: parsed.SOCKETS_PER_CALLER,
      perOrganization: parsed.SOCKETS_PER_ORGANIZATION,
      perAddress: parsed.SOCKETS_PER_ADDRESS,
    },
    trustedProxies: parsed.TRUSTED_PROXIES,
    graphiql: parsed.GRAPHIQL === 'on',
    drainMs: parsed.DRAIN_SECONDS * 1_000,
    logLevel: parsed.LOG_LEVEL,
    tracing: tracingConfigOf(parsed, 'ccluster-api'),
  };
}
