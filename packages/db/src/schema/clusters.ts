import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.js';
import { organizations } from './organizations.js';

export const clusters = pgTable(
  'clusters',
  {
    id: text('id').primaryKey(),
    /** null: managed, visible to all. */
    organizationId: text('organization_id').references(() => organizations.id),
    name: text('name').notNull(),
    displayName: text('display_name').notNull(),
    region: text('region').notNull(),
    provider: text('provider'),
    namespace: text('namespace').notNull(),
    draining: boolean('draining').notNull().default(false),
    /** Since when it drains. */
    drainingSince: instant('draining_since'),
    autoscaling: boolean('autoscaling').notNull().default(false),
    kubernetesVersion: text('kubernetes_version').notNull(),
    /** uid of its kube-system namespace: the cluster's identity. */
    systemUid: text('system_uid').notNull(),
    /** Sealed credentials of the dispatcher and of the watcher. */
    credentials: bytes('credentials').notNull(),
    readerCredentials: bytes('reader_credentials').notNull(),
    /** The watcher's last word from it. */
    lastSeenAt: instant('last_seen_at'),
    /** Set while it cannot be reached. */
    unreachableSince: instant('unreachable_since'),
    unreachableMessage: text('unreachable_message'),
    /** GPUs by type, as the watcher counts them. */
    capacity: jsonb('capacity').$type<GpuCapacity[]>().notNull().default([]),
    createdAt: instant('created_at').notNull().defaultNow(),
    removedAt: instant('removed_at'),
    /** Removed, with nothing left to do there: its credentials are empty. */
    forgottenAt: instant('forgotten_at'),
  },
  (table) => [
    uniqueIndex('clusters_identity')
      .on(table.systemUid, table.namespace)
      .where(sql`${table.removedAt} is null`),
    uniqueIndex('clusters_name')
      .on(sql`coalesce(${table.organizationId}, '')`, table.name)
      .where(sql`${table.removedAt} is null`),
  ],
);

export interface GpuCapacity {
  readonly gpuType: string;
  readonly total: number;
  readonly free: number;
}

/** Who watches a cluster. A take-over raises `epoch`; every transaction of a watcher locks its row FOR SHARE. */
export const clusterLeases = pgTable('cluster_leases', {
  clusterId: text('cluster_id')
    .primaryKey()
    .references(() => clusters.id),
  epoch: integer('epoch').notNull(),
  holder: text('holder').notNull(),
  expiresAt: instant('expires_at').notNull(),
});
