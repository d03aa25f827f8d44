import { asc, eq } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { organizations } from '../schema/organizations.js';

export type OrganizationRow = typeof organizations.$inferSelect;

export async function findOrganization(db: Queryable, id: string): Promise<OrganizationRow | undefined> {
  const [row] = await db.select().from(organizations).where(eq(organizations.id, id));
  return row;
}

export async function findOrganizationByName(db: Queryable, name: string): Promise<OrganizationRow | undefined> {
  const [row] = await db.select().from(organizations).where(eq(organizations.name, name));
  return row;
}

/** Those of the whole installation, oldest first. */
export async function listOrganizations(db: Queryable): Promise<OrganizationRow[]> {
  return db.select().from(organizations).orderBy(asc(organizations.createdAt), asc(organizations.id));
}

/** The organization of that name; makes it, with the given id, where there is none. */
export async function findOrInsertOrganization(db: Queryable, name: string, newId: string): Promise<OrganizationRow> {
  await db.insert(organizations).values({ id: newId, name }).onConflictDoNothing();
  const row = await findOrganizationByName(db, name);
  if (row === undefined) throw new Error(`The organization ${name} is neither there nor could be made`);
  return row;
}
