import { not, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { isIdempotencyKeyInForce, type IdempotencyKey } from './find-idempotency-key.js';
import { idempotencyKeys } from '../schema/jobs.js';

export interface NewIdempotencyKey extends IdempotencyKey {
  readonly organizationId: string;
  readonly requestId: string;
}

/**
 * Takes a request id for a job. Waits for a transaction that is about to take the same one.
 * @returns false where it is taken
 */
export async function insertIdempotencyKey(tx: Queryable, key: NewIdempotencyKey): Promise<boolean> {
  const rows = await tx
    .insert(idempotencyKeys)
    .values(key)
    .onConflictDoUpdate({
      target: [idempotencyKeys.organizationId, idempotencyKeys.requestId],
      set: { inputHash: key.inputHash, jobId: key.jobId, createdAt: sql`now()` },
      setWhere: not(isIdempotencyKeyInForce),
    })
    .returning({ jobId: idempotencyKeys.jobId });
  return rows.length > 0;
}
