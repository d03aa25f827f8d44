import { insertCluster, insertInstanceType, type Database } from '@ccluster/db';

/**
 * A cluster `cl_<name>` that is nowhere.
 * @param organizationId its owner; null: managed
 */
export async function seedCluster({ db }: Database, name: string, organizationId: string | null): Promise<void> {
  await insertCluster(db, {
    id: `cl_${name}`,
    organizationId,
    name,
    displayName: name,
    region: 'here',
    provider: null,
    namespace: 'jobs',
    autoscaling: false,
    kubernetesVersion: 'v1.35.4',
    systemUid: name,
    credentials: Buffer.alloc(0),
    readerCredentials: Buffer.alloc(0),
  });
}

/** The same with one instance type `it_<name>`. */
export async function seedOffer(database: Database, name: string, organizationId: string | null): Promise<void> {
  await seedCluster(database, name, organizationId);
  await insertInstanceType(database.db, {
    id: `it_${name}`,
    clusterId: `cl_${name}`,
    name: 'small',
    gpuType: null,
    gpuCount: 0,
    acceleratorResource: 'nvidia.com/gpu',
    cpuMillicores: 1000,
    memoryMib: 1024,
    sharedMemoryMib: 0,
    pricePerHourCents: 100,
    nodeSelector: {},
    tolerations: [],
  });
}
