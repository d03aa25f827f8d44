import type { Role } from '@ccluster/domain';
import { and, asc, desc, eq, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { apiKeys } from '../schema/api-keys.js';

/** All of a key but its hash. */
export interface ApiKeyRow {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const { id, organizationId, name, role, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt } = apiKeys;

export const apiKeyColumns = {
  id,
  organizationId,
  name,
  role,
  createdAt,
  createdBy,
  expiresAt,
  lastUsedAt,
  revokedAt,
};

/** Neither revoked nor expired. */
export const isKeyValid = and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), sql`${expiresAt} > now()`))!;

/** The organization's keys: valid ones first, and of each kind the newest. */
export async function listApiKeys(db: Queryable, ownerId: string, limit: number): Promise<ApiKeyRow[]> {
  const validFirst: SQL = sql`(${isKeyValid}) desc`;
  return db
    .select(apiKeyColumns)
    .from(apiKeys)
    .where(eq(apiKeys.organizationId, ownerId))
    .orderBy(validFirst, desc(apiKeys.createdAt), asc(apiKeys.id))
    .limit(limit);
}

export async function countValidApiKeys(db: Queryable, ownerId: string): Promise<number> {
  return db.$count(apiKeys, and(eq(apiKeys.organizationId, ownerId), isKeyValid));
}

/** @param ownerId undefined: of whatever organization */
export async function findApiKeyById(
  db: Queryable,
  ownerId: string | undefined,
  keyId: string,
): Promise<ApiKeyRow | undefined> {
  const isOwn = ownerId === undefined ? undefined : eq(apiKeys.organizationId, ownerId);
  const [row] = await db
    .select(apiKeyColumns)
    .from(apiKeys)
    .where(and(eq(apiKeys.id, keyId), isOwn));
  return row;
}
