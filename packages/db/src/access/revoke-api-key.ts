import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { apiKeys } from '../schema/api-keys.js';

/** From the commit on the key opens nothing; when it was first revoked stays. */
export async function revokeKey(db: Queryable, id: string): Promise<void> {
  await db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)));
}
