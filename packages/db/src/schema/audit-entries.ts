import type { Role } from '@ccluster/domain';
import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.js';

/** Who did what. Triggers of the migration that made it refuse every change of a row, and deletions but by retention. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().defaultNow(),
    /** Whose affair it is: of what was changed, or of who was refused. */
    organizationId: text('organization_id').notNull(),
    /** Of the API key, or the issuer's for the bearer of a token. */
    principalId: text('principal_id').notNull(),
    principal: text('principal').notNull(),
    role: text('role').$type<Role>().notNull(),
    /** The mutation's name. */
    operation: text('operation').notNull(),
    targetId: text('target_id'),
    /** `OK`, or the code of the error. */
    outcome: text('outcome').notNull(),
    requestId: text('request_id').notNull(),
  },
  (table) => [
    index('audit_entries_organization').on(table.organizationId, table.id),
    index('audit_entries_target').on(table.targetId, table.id),
  ],
);
