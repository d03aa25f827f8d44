import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { clusters } from './clusters.js';
import { instant } from './columns.js';

export const instanceTypes = pgTable(
  'instance_types',
  {
    id: text('id').primaryKey(),
    clusterId: text('cluster_id')
      .notNull()
      .references(() => clusters.id),
    name: text('name').notNull(),
    gpuType: text('gpu_type'),
    gpuCount: integer('gpu_count').notNull(),
    gpuMemoryMib: integer('gpu_memory_mib'),
    acceleratorResource: text('accelerator_resource').notNull(),
    cpuMillicores: integer('cpu_millicores').notNull(),
    memoryMib: integer('memory_mib').notNull(),
    sharedMemoryMib: integer('shared_memory_mib').notNull(),
    pricePerHourCents: integer('price_per_hour_cents').notNull(),
    nodeSelector: jsonb('node_selector').$type<Record<string, string>>().notNull(),
    tolerations: jsonb('tolerations').$type<Toleration[]>().notNull(),
    /** Replicas that fit on its nodes as the watcher last counted them, reservations not subtracted; null: not known. */
    room: integer('room'),
    /** Replicas that would fit with nothing else on its nodes. */
    roomWhenEmpty: integer('room_when_empty'),
    createdAt: instant('created_at').notNull().defaultNow(),
    removedAt: instant('removed_at'),
  },
  (table) => [
    uniqueIndex('instance_types_name')
      .on(table.clusterId, table.name)
      .where(sql`${table.removedAt} is null`),
  ],
);

export interface Toleration {
  readonly key: string;
  /** null: any value. */
  readonly value: string | null;
  /** null: any effect. */
  readonly effect: string | null;
}
