import type { InstanceTypeChange } from '@ccluster/domain';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { lockPlacements, type InstanceTypeRow } from '../life/dispatcher-jobs.js';
import { instanceTypes } from '../schema/instance-types.js';

/**
 * Changes an instance type between two turns of placement: each is decided by the old one as a whole, or by the new one.
 * Where other nodes count than before, its room is not known until they have been counted. What is reserved stays so.
 * @returns undefined where there is none, or it was removed
 */
export async function changeInstanceType(
  tx: Queryable,
  id: string,
  { nodeSelector, tolerations, ...rest }: InstanceTypeChange,
): Promise<InstanceTypeRow | undefined> {
  await lockPlacements(tx);
  const countsOtherNodes = nodeSelector !== undefined || tolerations !== undefined;
  const [row] = await tx
    .update(instanceTypes)
    .set({
      // At least one column has to be set; its own name is the same as before.
      name: sql`${instanceTypes.name}`,
      ...rest,
      ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
      ...(tolerations === undefined ? {} : { tolerations: [...tolerations] }),
      ...(countsOtherNodes ? { room: null, roomWhenEmpty: null } : {}),
    })
    .where(isThere(id))
    .returning();
  return row;
}

/**
 * Nothing is placed on it any more once the transaction has committed, nor armed there. Jobs that are armed there go on
 * and keep what they hold reserved: the row stays.
 * @returns false where there is none, or it was removed before
 */
export async function removeInstanceType(tx: Queryable, id: string): Promise<boolean> {
  await lockPlacements(tx);
  await tx.select({ id: instanceTypes.id }).from(instanceTypes).where(isThere(id)).for('update');
  const { rowCount } = await tx
    .update(instanceTypes)
    .set({ removedAt: sql`now()` })
    .where(isThere(id));
  return rowCount === 1;
}

function isThere(id: string) {
  return and(eq(instanceTypes.id, id), isNull(instanceTypes.removedAt));
}
