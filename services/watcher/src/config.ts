import { encryptionKeysVariable, type EncryptionKeys } from '@ccluster/db';
import { clusterAddressesVariable, type ClusterAddresses } from '@ccluster/kubernetes';
import {
  errorText,
  parseEnvironment,
  tracingConfigOf,
  tracingVariables,
  type Environment,
  type TracingConfig,
} from '@ccluster/runtime';
import { z } from 'zod';
import { parseReasonTable, type ReasonTable } from './observe/parse-reason-rules.js';

const seconds = (ordinary: number) => z.coerce.number().int().min(0).max(86_400).default(ordinary);

function toReasonTable(text: string, context: z.RefinementCtx): ReasonTable {
  try {
    return parseReasonTable(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: errorText(error) });
    return z.NEVER;
  }
}

const schema = z.object({
  DATABASE_URL: z.string(),
  REDIS_URL: z.string(),
  REDIS_PREFIX: z.string().default('ccluster'),
  CCLUSTER_ENCRYPTION_KEY: encryptionKeysVariable,
  CCLUSTER_INSTALLATION: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a label value: lower case, digits, hyphens')
    .default('default'),
  CLUSTER_ADDRESSES_ALLOWED: clusterAddressesVariable,
  WATCHER_NAME: z.string().max(200).optional(),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(4002),
  CCLUSTER_CRASH_AT: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  REASONS: z.string().default('{}').transform(toReasonTable),
  LOG_DRAIN_SECONDS: seconds(60),
  UNREACHABLE_GRACE_SECONDS: seconds(30),
  LOG_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(1024 ** 3),
  ...tracingVariables,
});

export interface WatcherConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly encryptionKeys: EncryptionKeys;
  readonly installation: string;
  readonly clusterAddresses: ClusterAddresses;
  readonly watcherName: string;
  readonly health: { readonly host: string; readonly port: number };
  /** Only in fault tests; see `crashingAt`. */
  readonly crashAt: string | undefined;
  readonly logLevel: string;
  readonly reasons: ReasonTable;
  readonly logDrainMs: number;
  readonly unreachableAfterMs: number;
  readonly logLimitBytes: number;
  /** undefined: nothing is traced. */
  readonly tracing: TracingConfig | undefined;
}

/** @param processName used where none is configured. Throws an Error that names every problem. */
export function parseConfig(env: Environment, processName: string): WatcherConfig {
  const values = parseEnvironment(schema, env);
  return {
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    redisPrefix: values.REDIS_PREFIX,
    encryptionKeys: values.CCLUSTER_ENCRYPTION_KEY,
    installation: values.CCLUSTER_INSTALLATION,
    clusterAddresses: values.CLUSTER_ADDRESSES_ALLOWED,
    watcherName: values.WATCHER_NAME ?? processName,
    health: { host: values.HEALTH_HOST, port: values.HEALTH_PORT },
    crashAt: values.CCLUSTER_CRASH_AT,
    logLevel: values.LOG_LEVEL,
    reasons: values.REASONS,
    logDrainMs: values.LOG_DRAIN_SECONDS * 1_000,
    unreachableAfterMs: values.UNREACHABLE_GRACE_SECONDS * 1_000,
    logLimitBytes: values.LOG_LIMIT_BYTES,
    tracing: tracingConfigOf(values, 'ccluster-watcher'),
  };
}
