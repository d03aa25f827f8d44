import { listAuditEntries, type AuditEntryRow, type AuditFilter } from '@ccluster/db';
import { includesRole, parseAuditFilterTexts } from '@ccluster/domain';
import { z } from 'zod';
import { cursorForm } from '../../graphql/cursor.js';
import { checkPageSize, forwardPage } from '../../graphql/page.js';
import type { RequestContext } from '../../http/request-context.js';
import { requireRole, type Principal } from '../principal.js';
import type { AuditLogConnection, AuditLogEntry, AuditLogFilter } from './audit-log.type.js';

const auditCursor = cursorForm('audit', z.strictObject({ id: z.int().min(1) }));

/** Newest first. Throws BAD_USER_INPUT, CURSOR_INVALID, FORBIDDEN. */
export async function readAuditLog(
  { services, principal }: RequestContext,
  { filter, first, after }: { filter: AuditLogFilter | null; first: number; after: string | null },
): Promise<AuditLogConnection> {
  requireRole(principal, 'ADMIN');
  checkPageSize('first', first);
  const wanted = parseFilter(principal, filter);
  const { organizationId: owner } = principal;
  const beforeId = after === null ? undefined : auditCursor.parse(owner, after).id;
  const rows = await listAuditEntries(services.database.db, wanted, { beforeId, limit: first + 1 });
  return forwardPage(rows, { first, after }, (row) => ({
    cursor: auditCursor.format(owner, { id: row.id }),
    node: entryOfRow(row),
  }));
}

function parseFilter(principal: Principal, unsafeFilter: AuditLogFilter | null): AuditFilter {
  const { recordedAfter, recordedBefore } = unsafeFilter ?? {};
  const texts = parseAuditFilterTexts(unsafeFilter ?? {});
  const isOwn = texts.organizationId === undefined || texts.organizationId === principal.organizationId;
  if (!isOwn) requireRole(principal, 'OPERATOR');
  const own = includesRole(principal.role, 'OPERATOR') ? undefined : principal.organizationId;
  return {
    ...texts,
    organizationId: texts.organizationId ?? own,
    recordedAfter: recordedAfter ?? undefined,
    recordedBefore: recordedBefore ?? undefined,
  };
}

function entryOfRow({ id, ...row }: AuditEntryRow): AuditLogEntry {
  return { id: `audit_${id}`, ...row };
}
