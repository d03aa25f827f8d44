import { randomFillSync } from 'node:crypto';
import {
  clusters,
  instanceTypes,
  jobs,
  organizations,
  recordEvent,
  withTransaction,
  type Database,
  type UntimedJobEvent,
} from '@ccluster/db';
import { initialState, newId, type IdPrefix, type JobSpec } from '@ccluster/domain';
import { aPlacement } from '@ccluster/testkit';

export function newTestId(prefix: IdPrefix): string {
  return newId(prefix, Date.now(), (bytes) => randomFillSync(bytes));
}

export interface TestClusterRow {
  readonly id: string;
  readonly namespace: string;
  readonly instanceTypeId: string;
}

/** An organization, a cluster and a small instance type. */
export async function insertCluster(
  { db }: Database,
  values: { readonly id: string; readonly systemUid: string; readonly readerCredentials: Buffer },
): Promise<TestClusterRow> {
  const instanceTypeId = newTestId('it');
  const namespace = 'ccluster-jobs';
  await db.insert(organizations).values({ id: 'org_test', name: 'test' }).onConflictDoNothing();
  await db.insert(clusters).values({
    ...values,
    name: 'east',
    displayName: 'East',
    region: 'here',
    namespace,
    kubernetesVersion: 'v1',
    credentials: Buffer.alloc(0),
  });
  await db.insert(instanceTypes).values({
    id: instanceTypeId,
    clusterId: values.id,
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
  return { id: values.id, namespace, instanceTypeId };
}

/** A job that is placed on the cluster and not armed yet. */
export async function insertPlacedJob(
  database: Database,
  cluster: TestClusterRow,
  spec: JobSpec,
  id: string = newTestId('job'),
): Promise<string> {
  await database.db.insert(jobs).values({
    id,
    organizationId: 'org_test',
    name: spec.name,
    spec,
    hasImagePullSecret: false,
    warnings: [],
    createdBy: 'test',
    state: initialState,
    status: 'QUEUED',
    pendingCount: spec.completions,
    eventSequence: 0,
  });
  const { namespace, instanceTypeId } = cluster;
  await recordAll(database, id, [
    { type: 'PLACEMENT_DECIDED', placement: aPlacement({ clusterId: cluster.id, namespace, instanceTypeId }) },
  ]);
  return id;
}

export async function recordAll(database: Database, jobId: string, events: readonly UntimedJobEvent[]): Promise<void> {
  for (const event of events) await withTransaction(database, (tx) => recordEvent(tx, jobId, event));
}
