import { randomFillSync } from 'node:crypto';
import {
  insertCluster,
  insertInstanceType,
  insertJob,
  organizations,
  recordEvent,
  withTransaction,
  type Database,
  type UntimedJobEvent,
} from '@ccluster/db';
import { newId, type IdPrefix, type JobSpec, type PlacementDecision } from '@ccluster/domain';
import { aPlacement } from '@ccluster/testkit';

const ORGANIZATION_ID = 'org_test';

export interface TestCluster {
  readonly id: string;
  readonly namespace: string;
  readonly instanceTypeId: string;
}

export function newTestId(prefix: IdPrefix): string {
  return newId(prefix, Date.now(), (bytes) => randomFillSync(bytes));
}

/** A cluster with one small instance type. */
export async function registerTestCluster(
  { db }: Database,
  values: { readonly id: string; readonly systemUid: string; readonly readerCredentials: Buffer },
): Promise<TestCluster> {
  const { id } = values;
  const namespace = 'ccluster-jobs';
  const words = { name: id.slice(-20), displayName: 'East', region: 'here', kubernetesVersion: 'v0' };
  await db.insert(organizations).values({ id: ORGANIZATION_ID, name: 'test' }).onConflictDoNothing();
  await insertCluster(db, { ...values, ...words, namespace, credentials: Buffer.alloc(0) });
  const { id: instanceTypeId } = await insertInstanceType(db, {
    id: newTestId('it'),
    clusterId: id,
    name: 'small',
    gpuCount: 0,
    acceleratorResource: 'nvidia.com/gpu',
    cpuMillicores: 10,
    memoryMib: 16,
    sharedMemoryMib: 8,
    pricePerHourCents: 1,
    nodeSelector: {},
    tolerations: [],
  });
  return { id, namespace, instanceTypeId };
}

/** A job that is placed on the cluster and not armed yet. */
export async function insertPlacedJob(database: Database, cluster: TestCluster, spec: JobSpec): Promise<string> {
  const id = newTestId('job');
  const hidden = { warnings: [], hasImagePullSecret: false, sealedSecrets: Buffer.alloc(0), createdBy: 'test' };
  await withTransaction(database, (tx) => insertJob(tx, { id, organizationId: ORGANIZATION_ID, spec, ...hidden }));
  await recordAll(database, id, [{ type: 'PLACEMENT_DECIDED', placement: placementIn(cluster) }]);
  return id;
}

export function placementIn({ id: clusterId, namespace, instanceTypeId }: TestCluster): PlacementDecision {
  return aPlacement({ clusterId, namespace, instanceTypeId });
}

export async function recordAll(database: Database, jobId: string, events: readonly UntimedJobEvent[]): Promise<void> {
  for (const event of events) await withTransaction(database, (tx) => recordEvent(tx, jobId, event));
}
