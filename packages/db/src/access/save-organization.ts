import { eq } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { organizations } from '../schema/organizations.js';
import type { OrganizationRow } from './find-organization.js';

/** Throws a violation of `organizations_name_unique` where another has the name. */
export async function insertOrganization(
  db: Queryable,
  organization: Pick<OrganizationRow, 'id' | 'name' | 'maxGpus'>,
): Promise<OrganizationRow> {
  const [row] = await db.insert(organizations).values(organization).returning();
  return row!;
}

/** @param maxGpus null: no limit */
export async function saveMaxGpus(db: Queryable, id: string, maxGpus: number | null): Promise<void> {
  await db.update(organizations).set({ maxGpus }).where(eq(organizations.id, id));
}

/** The row, which nobody else changes before the transaction ends; undefined: there is none. */
export async function lockOrganization(tx: Queryable, id: string): Promise<OrganizationRow | undefined> {
  const [row] = await tx.select().from(organizations).where(eq(organizations.id, id)).for('no key update');
  return row;
}
