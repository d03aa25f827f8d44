import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listWatchedInstanceTypes, saveCapacity, type CountedCapacity } from './save-capacity.js';
import { insertInstanceType } from './insert-instance-type.js';
import { clusters } from '../schema/clusters.js';
import { jobs } from '../schema/jobs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { leaseNewCluster, releaseNewJob } from '../testing/watched-job.js';
import { withTransaction } from '../connection/transaction.js';

describe('the capacity of a cluster', () => {
  let fixture: DatabaseFixture;
  beforeAll(async () => {
    fixture = await openDatabaseFixture();
  });
  afterAll(() => fixture.close());

  const livePodsOf = async (jobId: string) =>
    (await fixture.database.db.select().from(jobs).where(eq(jobs.id, jobId)))[0]?.livePods;

  it('is stored together with the pods that it already counts', async () => {
    const { database } = fixture;
    const lease = await leaseNewCluster(fixture);
    const jobIds = [await releaseNewJob(fixture, lease), await releaseNewJob(fixture, lease)] as const;
    const size = {
      gpuType: 'H100',
      gpuCount: 1,
      acceleratorResource: 'gpu',
      cpuMillicores: 1,
      memoryMib: 1,
      sharedMemoryMib: 1,
    };
    const rest = { pricePerHourCents: 1, nodeSelector: {}, tolerations: [] };
    const id = `it_${lease.clusterId}`;
    await insertInstanceType(database.db, { id, clusterId: lease.clusterId, name: 'h100', ...size, ...rest });
    const gpus = [{ gpuType: 'H100', total: 8, free: 3 }];
    const first: CountedCapacity = {
      rooms: new Map([[id, { now: 3, whenEmpty: 8 }]]),
      gpus,
      pods: new Map([[jobIds[0], 5]]),
    };
    await withTransaction(database, (tx) => saveCapacity(tx, lease, first, undefined));
    await expect(listWatchedInstanceTypes(database.db, lease.clusterId)).resolves.toMatchObject([
      { id, room: 3, roomWhenEmpty: 8 },
    ]);
    const [cluster] = await database.db.select().from(clusters).where(eq(clusters.id, lease.clusterId));
    expect(cluster?.capacity).toEqual(gpus);
    await expect(Promise.all(jobIds.map(livePodsOf))).resolves.toEqual([5, 0]);

    const second: CountedCapacity = { ...first, pods: new Map([[jobIds[1], 2]]) };
    await withTransaction(database, (tx) => saveCapacity(tx, lease, second, first));
    await expect(Promise.all(jobIds.map(livePodsOf))).resolves.toEqual([0, 2]);
  });

  it('is counted anew by the next watcher, whatever the last one had stored', async () => {
    const lease = await leaseNewCluster(fixture);
    const jobId = await releaseNewJob(fixture, lease);
    await fixture.database.db.update(jobs).set({ livePods: 7 }).where(eq(jobs.id, jobId));
    const empty: CountedCapacity = { rooms: new Map(), gpus: [], pods: new Map() };
    await withTransaction(fixture.database, (tx) => saveCapacity(tx, lease, empty, undefined));
    await expect(livePodsOf(jobId)).resolves.toBe(0);
  });

  it('is never that of jobs of another cluster, whatever a cluster says', async () => {
    const { database } = fixture;
    const [theirs, hostile] = [await leaseNewCluster(fixture), await leaseNewCluster(fixture)];
    const jobId = await releaseNewJob(fixture, theirs);
    const honest: CountedCapacity = { rooms: new Map(), gpus: [], pods: new Map([[jobId, 1]]) };
    await withTransaction(database, (tx) => saveCapacity(tx, theirs, honest, undefined));
    const ids = [jobId, "'; drop table jobs; --", ...Array.from({ length: 70_000 }, (_, i) => `job_${i}`)];
    const lie: CountedCapacity = { ...honest, pods: new Map(ids.map((id) => [id, 1_000])) };
    for (const before of [undefined, honest])
      await withTransaction(database, (tx) => saveCapacity(tx, hostile, lie, before));
    await expect(livePodsOf(jobId)).resolves.toBe(1);
  });
});
