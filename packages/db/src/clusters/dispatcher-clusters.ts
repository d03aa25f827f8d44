import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { clusters } from '../schema/clusters.js';
import { organizations } from '../schema/organizations.js';

/** What the dispatcher needs to write to a cluster. */
export interface ClusterAccess {
  readonly id: string;
  readonly name: string;
  /** uid of its kube-system namespace: another one at the same address is another cluster. */
  readonly systemUid: string;
  /** Sealed with the context `clusters:<id>:credentials`. */
  readonly sealedCredentials: Buffer;
  /** A name, or a template with `{organization}`. */
  readonly namespace: string;
  /** null: managed. */
  readonly organizationId: string | null;
}

const access = {
  id: clusters.id,
  name: clusters.name,
  systemUid: clusters.systemUid,
  sealedCredentials: clusters.credentials,
  namespace: clusters.namespace,
  organizationId: clusters.organizationId,
};

/** All clusters that are not removed, by id. */
export async function listClusterAccess(db: Queryable): Promise<ClusterAccess[]> {
  return db.select(access).from(clusters).where(isNull(clusters.removedAt)).orderBy(asc(clusters.id));
}

export async function findClusterAccess(db: Queryable, clusterId: string): Promise<ClusterAccess | undefined> {
  const [row] = await db
    .select(access)
    .from(clusters)
    .where(and(eq(clusters.id, clusterId), isNull(clusters.removedAt)));
  return row;
}

/** Ids of all organizations: those whose namespace a managed cluster's template may name. */
export async function listOrganizationIds(db: Queryable): Promise<string[]> {
  const rows = await db.select({ id: organizations.id }).from(organizations).orderBy(asc(organizations.id));
  return rows.map((row) => row.id);
}
