import { and, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { idempotencyKeys } from '../schema/jobs.js';

/** True while a request id still answers for its job. */
export const isIdempotencyKeyInForce = sql`${idempotencyKeys.createdAt} > now() - interval '7 days'`;

export interface IdempotencyKey {
  readonly inputHash: Buffer;
  readonly jobId: string;
}

export async function findIdempotencyKey(
  db: Queryable,
  organizationId: string,
  requestId: string,
): Promise<IdempotencyKey | undefined> {
  const [row] = await db
    .select({ inputHash: idempotencyKeys.inputHash, jobId: idempotencyKeys.jobId })
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.organizationId, organizationId),
        eq(idempotencyKeys.requestId, requestId),
        isIdempotencyKeyInForce,
      ),
    );
  return row;
}
