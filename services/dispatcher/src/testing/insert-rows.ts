import { randomFillSync } from 'node:crypto';
import { clusters, instanceTypes, jobs, organizations, type Database } from '@ccluster/db';
import { initialState, jobStatus, newId, type JobSpec } from '@ccluster/domain';
import { aSpec } from './build-order.js';

export const ORGANIZATION = 'org_01arz3ndektsv4rrffq69g5fav';
const NAMESPACE = 'jobs';

export async function insertOrganization(database: Database): Promise<void> {
  await database.db.insert(organizations).values({ id: ORGANIZATION, name: 'default' });
}

/** A managed cluster with one instance type of one GPU, of which `room` replicas fit. */
export async function insertCluster(database: Database, id: string, room: number, priceCents: number): Promise<void> {
  await database.db.insert(clusters).values({
    id,
    name: id,
    displayName: id,
    region: 'here',
    namespace: NAMESPACE,
    kubernetesVersion: 'v1.35.4',
    systemUid: id,
    credentials: Buffer.alloc(0),
    readerCredentials: Buffer.alloc(0),
  });
  await database.db.insert(instanceTypes).values({
    id: `it_${id}`,
    clusterId: id,
    name: 'one-gpu',
    gpuType: 'A100',
    gpuCount: 1,
    acceleratorResource: 'nvidia.com/gpu',
    cpuMillicores: 1000,
    memoryMib: 1024,
    sharedMemoryMib: 0,
    pricePerHourCents: priceCents,
    nodeSelector: {},
    tolerations: [],
    room,
  });
}

/** A new job, due at once. */
export async function insertJob(database: Database, overrides: Partial<JobSpec> = {}): Promise<string> {
  const id = newId('job', Date.now(), (bytes) => randomFillSync(bytes));
  const spec = aSpec({ name: `j${id.slice(-12)}`, ...overrides });
  await database.db.insert(jobs).values({
    id,
    organizationId: ORGANIZATION,
    name: spec.name,
    spec,
    hasImagePullSecret: false,
    warnings: [],
    createdBy: 'test',
    state: initialState,
    status: jobStatus(initialState),
    pendingCount: spec.completions,
    eventSequence: 0,
    dueAt: new Date(0),
  });
  return id;
}
