import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  holdClusterLease,
  LeaseLost,
  releaseClusterLease,
  renewClusterLease,
  takeClusterLease,
  withClusterLease,
} from './cluster-lease.js';
import { listWatchedClusters } from './list-watched-clusters.js';
import { recordObservation } from '../life/record-observation.js';
import { storeLogs } from '../logs/store-logs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { anObservedJob, leaseNewCluster, releaseNewJob } from '../testing/watched-job.js';
import { withTransaction } from '../connection/transaction.js';

let fixture: DatabaseFixture;
beforeAll(async () => {
  fixture = await openDatabaseFixture();
});
afterAll(() => fixture.close());

const take = (clusterId: string, holder: string) => takeClusterLease(fixture.database.db, clusterId, holder, 60_000);
/** As if the holder had not renewed it in time. */
const expire = (clusterId: string) =>
  fixture.database.pool.query('UPDATE cluster_leases SET expires_at = now() WHERE cluster_id = $1', [clusterId]);

describe('the lease of a cluster', () => {
  it('is held by one watcher until it runs out, and each take-over raises its epoch', async () => {
    const first = await leaseNewCluster(fixture);
    expect(first.epoch).toBe(1);
    await expect(take(first.clusterId, 'second')).resolves.toBeUndefined();
    await expire(first.clusterId);
    await expect(take(first.clusterId, 'second')).resolves.toMatchObject({ epoch: 2, holder: 'second' });
    await expect(renewClusterLease(fixture.database.db, first, 60_000)).resolves.toBe(false);
  });

  it('is renewed by its holder, also after it ran out and nobody took it', async () => {
    const lease = await leaseNewCluster(fixture);
    await expire(lease.clusterId);
    await expect(renewClusterLease(fixture.database.db, lease, 60_000)).resolves.toBe(true);
    await expect(take(lease.clusterId, 'second')).resolves.toBeUndefined();
  });

  it('can be taken at once when it was given back', async () => {
    const lease = await leaseNewCluster(fixture);
    await releaseClusterLease(fixture.database.db, lease);
    await expect(take(lease.clusterId, 'second')).resolves.toMatchObject({ epoch: 2 });
  });

  it('is taken again at once by a watcher of the same name, that was killed and started again', async () => {
    const { clusterId, holder } = await leaseNewCluster(fixture);
    await expect(take(clusterId, holder)).resolves.toMatchObject({ epoch: 2, holder });
  });

  it('says when it can be taken', async () => {
    const { clusterId } = await leaseNewCluster(fixture);
    const freeInMs = async (watcher: string) =>
      (await listWatchedClusters(fixture.database.db, watcher)).find(({ id }) => id === clusterId)?.leaseFreeInMs;
    await expect(freeInMs('second')).resolves.toBeGreaterThan(50_000);
    await expect(freeInMs('first')).resolves.toBe(0);
    await expire(clusterId);
    await expect(freeInMs('second')).resolves.toBe(0);
  });
});

describe('a watcher that lost its lease', () => {
  it('is refused everything when it stalled while another took over', async () => {
    const stalled = await leaseNewCluster(fixture);
    const jobId = await releaseNewJob(fixture, stalled);
    await expire(stalled.clusterId);
    await take(stalled.clusterId, 'second');
    const { database } = fixture;
    await expect(
      withTransaction(database, (tx) => recordObservation(tx, stalled, jobId, anObservedJob(jobId))),
    ).rejects.toThrow(LeaseLost);
    await expect(withTransaction(database, (tx) => storeLogs(tx, stalled, []))).rejects.toThrow(LeaseLost);
  });

  it('commits what was under way before the take-over, and nothing after', async () => {
    const first = await leaseNewCluster(fixture);
    await expire(first.clusterId);
    const order: string[] = [];
    let takeOver: Promise<void> = Promise.resolve();
    await withClusterLease(fixture.database, first, async (tx) => {
      takeOver = take(first.clusterId, 'second').then((lease) => void order.push(`taken by ${lease?.holder}`));
      await tx.execute('SELECT pg_sleep(0.3)');
      order.push('committed');
    });
    await takeOver;
    expect(order).toEqual(['committed', 'taken by second']);
    await expect(withTransaction(fixture.database, (tx) => holdClusterLease(tx, first))).rejects.toThrow(LeaseLost);
  });
});
