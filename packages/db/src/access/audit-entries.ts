import { and, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { withTransaction } from '../connection/transaction.js';
import type { Database, Queryable } from '../connection/database.js';
import { auditEntries } from '../schema/audit-entries.js';

export type AuditEntryRow = typeof auditEntries.$inferSelect;
export type NewAuditEntry = Omit<typeof auditEntries.$inferInsert, 'id' | 'at'>;

/** undefined: any. */
export interface AuditFilter {
  readonly organizationId: string | undefined;
  readonly principalId: string | undefined;
  readonly operation: string | undefined;
  readonly targetId: string | undefined;
  readonly outcome: string | undefined;
  readonly recordedAfter: Date | undefined;
  readonly recordedBefore: Date | undefined;
}

const DELETED_AT_ONCE = 10_000;

export async function insertAuditEntry(db: Queryable, entry: NewAuditEntry): Promise<void> {
  await db.insert(auditEntries).values(entry);
}

/** Newest first. @param beforeId undefined: from the newest */
export async function listAuditEntries(
  db: Queryable,
  filter: AuditFilter,
  { beforeId, limit }: { readonly beforeId: number | undefined; readonly limit: number },
): Promise<AuditEntryRow[]> {
  const { organizationId, principalId, operation, targetId, outcome, recordedAfter, recordedBefore } = filter;
  return db
    .select()
    .from(auditEntries)
    .where(
      and(
        organizationId === undefined ? undefined : eq(auditEntries.organizationId, organizationId),
        principalId === undefined ? undefined : eq(auditEntries.principalId, principalId),
        operation === undefined ? undefined : eq(auditEntries.operation, operation),
        targetId === undefined ? undefined : eq(auditEntries.targetId, targetId),
        outcome === undefined ? undefined : eq(auditEntries.outcome, outcome),
        recordedAfter === undefined ? undefined : gt(auditEntries.at, recordedAfter),
        recordedBefore === undefined ? undefined : lt(auditEntries.at, recordedBefore),
        beforeId === undefined ? undefined : lt(auditEntries.id, beforeId),
      ),
    )
    .orderBy(desc(auditEntries.id))
    .limit(limit);
}

/**
 * Deletes what is older, some thousands in each transaction. Throws where PostgreSQL refuses: nothing younger than 30 days
 * is ever deleted.
 * @returns how many entries are gone
 */
export async function deleteAuditEntries(database: Database, olderThanDays: number): Promise<number> {
  let deleted = 0;
  for (let last = DELETED_AT_ONCE; last === DELETED_AT_ONCE; deleted += last) {
    last = await withTransaction(database, async (tx) => {
      await tx.execute(sql`select set_config('ccluster.audit_retention', 'on', true)`);
      const { rowCount } = await tx.execute(sql`
        delete from ${auditEntries} where ${auditEntries.id} in (
          select id from (select id, at from ${auditEntries} order by id limit ${DELETED_AT_ONCE}) as oldest
          where at < now() - make_interval(days => ${olderThanDays})
        )`);
      return rowCount ?? 0;
    });
  }
  return deleted;
}
