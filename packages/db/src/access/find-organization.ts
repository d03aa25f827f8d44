import { eq } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { organizations } from '../schema/organizations.js';

export type OrganizationRow = typeof organizations.$inferSelect;

export async function findOrganization(db: Queryable, id: string): Promise<OrganizationRow | undefined> {
  const [row] = await db.select().from(organizations).where(eq(organizations.id, id));
  return row;
}

/** The organization of that name; makes it, with the given id, where there is none. */
export async function findOrInsertOrganization(db: Queryable, name: string, newId: string): Promise<OrganizationRow> {
  await db.insert(organizations).values({ id: newId, name }).onConflictDoNothing();
  const [row] = await db.select().from(organizations).where(eq(organizations.name, name));
  if (row === undefined) throw new Error(`The organization ${name} is neither there nor could be made`);
  return row;
}
