import type { PgColumn } from 'drizzle-orm/pg-core';
import { clusters } from '../schema/clusters.js';
import { installationKeys } from '../schema/installation-keys.js';
import { jobSecrets } from '../schema/jobs.js';

/** What each sealed text is bound to: it opens as nothing else. By the id of its row. */
export const sealContexts = {
  jobSecrets: (jobId: string) => `job_secrets:${jobId}`,
  /** The dispatcher's. */
  credentials: (clusterId: string) => `clusters:${clusterId}:credentials`,
  /** The watcher's. */
  readerCredentials: (clusterId: string) => `clusters:${clusterId}:reader`,
  installationKey: (name: string) => `installation_keys:${name}`,
};

export interface SealedColumn {
  /** The primary key of its table. */
  readonly id: PgColumn;
  readonly sealed: PgColumn;
  readonly contextOf: (id: string) => string;
}

/** Every column that holds what a sealer has sealed; empty where there is no secret any more. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { id: installationKeys.name, sealed: installationKeys.sealed, contextOf: sealContexts.installationKey },
  { id: clusters.id, sealed: clusters.credentials, contextOf: sealContexts.credentials },
  { id: clusters.id, sealed: clusters.readerCredentials, contextOf: sealContexts.readerCredentials },
  { id: jobSecrets.jobId, sealed: jobSecrets.sealed, contextOf: sealContexts.jobSecrets },
];
