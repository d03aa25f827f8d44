import type { Queryable } from '../connection/database.js';
import type { InstanceTypeRow } from '../life/dispatcher-jobs.js';
import { instanceTypes } from '../schema/instance-types.js';

export type NewInstanceTypeRow = Omit<typeof instanceTypes.$inferInsert, 'room' | 'createdAt' | 'removedAt'>;

/** @throws a unique violation of `instance_types_name` where the cluster has one of that name */
export async function insertInstanceType(db: Queryable, instanceType: NewInstanceTypeRow): Promise<InstanceTypeRow> {
  const [row] = await db.insert(instanceTypes).values(instanceType).returning();
  if (row === undefined) throw new Error(`INSERT of instance type ${instanceType.id} returned no row`);
  return row;
}
