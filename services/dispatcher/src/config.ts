import { encryptionKeysVariable, type EncryptionKeys } from '@ccluster/db';
import { clusterAddressesVariable, type ClusterAddresses } from '@ccluster/kubernetes';
import {
  parseEnvironment,
  tracingConfigOf,
  tracingVariables,
  type Environment,
  type TracingConfig,
} from '@ccluster/runtime';
import { z } from 'zod';
import type { Retention } from './housekeeping/keep-house.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** A value of a Kubernetes label. */
const LABEL_VALUE = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

const variables = z.object({
  DATABASE_URL: z.string(),
  REDIS_URL: z.string(),
  REDIS_PREFIX: z.string().default('ccluster'),
  CCLUSTER_ENCRYPTION_KEY: encryptionKeysVariable,
  CCLUSTER_INSTALLATION: z.string().regex(LABEL_VALUE, 'must be a value of a Kubernetes label').default('default'),
  CLUSTER_ADDRESSES_ALLOWED: clusterAddressesVariable,
  CONCURRENCY: whole(1, 256).default(16),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: whole(0, 65_535).default(4001),
  FINISHED_RETENTION_SECONDS: whole(0, 604_800).default(60),
  LOG_RETENTION_DAYS: whole(1, 3_650).default(30),
  LOG_RETENTION_BYTES: whole(1, Number.MAX_SAFE_INTEGER).default(256 * 1024 ** 3),
  EVENT_RETENTION_DAYS: whole(1, 3_650).default(30),
  CCLUSTER_CRASH_AT: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  ...tracingVariables,
});

export interface Config {
  readonly databaseUrl: string;
  readonly redis: { readonly url: string; readonly prefix: string };
  readonly encryptionKeys: EncryptionKeys;
  /** Written on every object, so that several installations can share a cluster. */
  readonly installation: string;
  readonly clusterAddresses: ClusterAddresses;
  /** Jobs that are worked on at once. */
  readonly concurrency: number;
  readonly health: { readonly host: string; readonly port: number };
  readonly finishedRetentionMs: number;
  readonly retention: Retention;
  /** Only in fault tests; see `crashingAt`. */
  readonly crashAt: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** undefined: nothing is traced. */
  readonly tracing: TracingConfig | undefined;
}

/** Throws one error that names every variable that is missing or wrong. */
export function parseConfig(env: Environment): Config {
  const parsed = parseEnvironment(variables, env);
  return {
    databaseUrl: parsed.DATABASE_URL,
    redis: { url: parsed.REDIS_URL, prefix: parsed.REDIS_PREFIX },
    encryptionKeys: parsed.CCLUSTER_ENCRYPTION_KEY,
    installation: parsed.CCLUSTER_INSTALLATION,
    clusterAddresses: parsed.CLUSTER_ADDRESSES_ALLOWED,
    concurrency: parsed.CONCURRENCY,
    health: { host: parsed.HEALTH_HOST, port: parsed.HEALTH_PORT },
    finishedRetentionMs: parsed.FINISHED_RETENTION_SECONDS * 1000,
    retention: {
      logDays: parsed.LOG_RETENTION_DAYS,
      logBytes: parsed.LOG_RETENTION_BYTES,
      eventDays: parsed.EVENT_RETENTION_DAYS,
    },
    crashAt: parsed.CCLUSTER_CRASH_AT,
    logLevel: parsed.LOG_LEVEL,
    tracing: tracingConfigOf(parsed, 'ccluster-dispatcher'),
  };
}
