import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { clusters } from '../schema/clusters.js';
import { organizations } from '../schema/organizations.js';

const MAX_PREDECESSORS = 1_000;

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
  /** The watcher does not reach it. */
  readonly isUnreachable: boolean;
  /** What is left there is to be removed; then it is forgotten. */
  readonly isRemoved: boolean;
}

const access = {
  id: clusters.id,
  name: clusters.name,
  systemUid: clusters.systemUid,
  sealedCredentials: clusters.credentials,
  namespace: clusters.namespace,
  organizationId: clusters.organizationId,
  isUnreachable: sql<boolean>`${clusters.unreachableSince} is not null`,
  isRemoved: sql<boolean>`${clusters.removedAt} is not null`,
};

/** All clusters that are not forgotten, by id. */
export async function listClusterAccess(db: Queryable): Promise<ClusterAccess[]> {
  return db.select(access).from(clusters).where(isNull(clusters.forgottenAt)).orderBy(asc(clusters.id));
}

/** undefined: it is forgotten, or never was. */
export async function findClusterAccess(db: Queryable, clusterId: string): Promise<ClusterAccess | undefined> {
  const [row] = await db
    .select(access)
    .from(clusters)
    .where(and(eq(clusters.id, clusterId), isNull(clusters.forgottenAt)));
  return row;
}

/** The same cluster and namespace under ids of before, the newest first; what is left of those there is nobody's. */
export async function findPredecessors(db: Queryable, { systemUid, namespace }: ClusterAccess): Promise<Set<string>> {
  const rows = await db
    .select({ id: clusters.id })
    .from(clusters)
    .where(and(eq(clusters.systemUid, systemUid), eq(clusters.namespace, namespace), isNotNull(clusters.forgottenAt)))
    .orderBy(desc(clusters.forgottenAt))
    .limit(MAX_PREDECESSORS);
  return new Set(rows.map((row) => row.id));
}

/** Ids of all organizations: those whose namespace a managed cluster's template may name. */
export async function listOrganizationIds(db: Queryable): Promise<string[]> {
  const rows = await db.select({ id: organizations.id }).from(organizations).orderBy(asc(organizations.id));
  return rows.map((row) => row.id);
}
