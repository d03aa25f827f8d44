import type { Role } from '@ccluster/domain';
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { apiKeys } from '../schema/api-keys.js';
import { isKeyValid } from './list-api-keys.js';

export interface FoundApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly role: Role;
  /** Until its end; null: it has none. */
  readonly validForMs: number | null;
}

/** By PostgreSQL's clock, as the check is. */
const validForMs = sql<number | null>`(extract(epoch from ${apiKeys.expiresAt} - now()) * 1000)::float8`;

/**
 * The key with this hash, unless it is revoked or has expired.
 * @param secretHash SHA-256 of the whole key
 */
export async function findApiKey(db: Queryable, secretHash: Buffer): Promise<FoundApiKey | undefined> {
  const [row] = await db
    .select({
      id: apiKeys.id,
      organizationId: apiKeys.organizationId,
      name: apiKeys.name,
      role: apiKeys.role,
      validForMs,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.secretHash, secretHash), isKeyValid));
  return row;
}

/** Notes that a key is in use, at most once a minute. */
export async function noteApiKeyUse(db: Queryable, id: string): Promise<void> {
  const aMinuteAgo = sql`now() - interval '1 minute'`;
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, aMinuteAgo))));
}
