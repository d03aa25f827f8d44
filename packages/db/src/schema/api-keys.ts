import type { Role } from '@ccluster/domain';
import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.js';
import { organizations } from './organizations.js';

export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    /** SHA-256 of the whole key; a key has 256 random bits, so no slow hash is needed. */
    secretHash: bytes('secret_hash').notNull().unique(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    expiresAt: instant('expires_at'),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [index('api_keys_organization').on(table.organizationId)],
);
